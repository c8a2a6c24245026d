import { useQueryClient } from '@tanstack/react-query';
import type { SignedInSession } from '@/api/types';
import { useWaiting } from '@/api/useWaiting';
import { useWrite } from '@/api/useWrite';
import { useT } from '@/lib/i18n';
import { Awaited } from '@/ui/Awaited';
import { RowBones, Rows } from '@/ui/Rows';
import { mine, sessionsQuery, teamKeys } from './queries';
import { SessionRow } from './SessionRow';

/** Where I am signed in. */
export function SessionList() {
  const t = useT();
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
          {list.map((session) => <SessionRow key={session.id} session={session} onEnd={() => endNow(session)} />)}
        </Rows>
      )}
    </Awaited>
  );
}
