import type { SignedInSession } from '@/api/types';
import { fullTime, relativeTime } from '@/lib/dates';
import { useT } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { Button } from '@/ui/Button';
import { Chip } from '@/ui/Chip';
import { Icon } from '@/ui/Icon';
import { Row } from '@/ui/Rows';
import { browserOf } from './browserOf';

/** One signed-in browser, with a button that ends it. */
export function SessionRow({ session, onEnd }: { session: SignedInSession; onEnd: () => void }) {
  const t = useT();
  const now = useNow();
  return (
    <Row
      lead={<Icon name={/mobile|android|iphone/i.test(session.user_agent) ? 'phone' : 'globe'} size={20} className="muted" />}
      title={browserOf(session.user_agent) || t('profile.unknown_browser')}
      detail={
        <time dateTime={session.last_seen_at} title={fullTime(session.last_seen_at)}>
          {t('profile.session_detail', { ip: session.ip, ago: relativeTime(session.last_seen_at, now) })}
        </time>
      }
      end={session.current ? <Chip tone="ok">{t('profile.this_browser')}</Chip> : <Button size="sm" onClick={onEnd}>{t('profile.end_session')}</Button>}
    />
  );
}
