import { useQueryClient } from '@tanstack/react-query';
import type { SignedInSession } from '@/api/types';
import { useWaiting } from '@/api/useWaiting';
import { useWrite } from '@/api/useWrite';
import { fullTime, relativeTime } from '@/lib/dates';
import { useT } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { Awaited } from '@/ui/Awaited';
import { Button } from '@/ui/Button';
import { Chip } from '@/ui/Chip';
import { Icon } from '@/ui/Icon';
import { Row, RowBones, Rows } from '@/ui/Rows';
import { mine, sessionsQuery, teamKeys } from './queries';
import { browserOf } from './browserOf';

/** Where I am signed in. */
export function SessionList() {
  const t = useT();
  const now = useNow();
  const queries = useQueryClient();
  const sessions = useWaiting(sessionsQuery);
  const end = useWrite(mine.endSession, { renews: [teamKeys.sessions] });
  const endNow = (session: SignedInSession) => {
    queries.setQueryData<SignedInSession[]>(teamKeys.sessions, (all) => all?.filter(({ id }) => id !== session.id));
    end.mutate(session.id);
  };
  return (
    <Awaited of={sessions} bones={<RowBones count={2} />}>
      {(list) => (
        <Rows label={t('profile.sessions')}>
          {list.map((session) => (
            <Row
              key={session.id}
              lead={<Icon name={/mobile|android|iphone/i.test(session.user_agent) ? 'phone' : 'globe'} size={20} className="muted" />}
              title={browserOf(session.user_agent) || t('profile.unknown_browser')}
              detail={
                <time dateTime={session.last_seen_at} title={fullTime(session.last_seen_at)}>
                  {t('profile.session_detail', { ip: session.ip, ago: relativeTime(session.last_seen_at, now) })}
                </time>
              }
              end={session.current ? <Chip tone="ok">{t('profile.this_browser')}</Chip> : (
                <Button size="sm" onClick={() => endNow(session)}>{t('profile.end_session')}</Button>
              )}
            />
          ))}
        </Rows>
      )}
    </Awaited>
  );
}
