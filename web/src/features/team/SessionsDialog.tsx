import type { Agent } from '@/api/types';
import { useWaiting } from '@/api/useWaiting';
import { useWrite } from '@/api/useWrite';
import { useT } from '@/lib/i18n';
import { Awaited } from '@/ui/Awaited';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { EmptyState } from '@/ui/EmptyState';
import { RowBones, Rows } from '@/ui/Rows';
import { people, sessionsOfQuery, teamKeys } from './queries';
import { SessionRow } from './SessionRow';

/** Where somebody is signed in, for those who manage people. */
export function SessionsDialog({ agent, onClose }: { agent: Agent; onClose: () => void }) {
  const t = useT();
  const sessions = useWaiting(sessionsOfQuery(agent.id));
  const renews = [teamKeys.sessionsOf(agent.id)];
  const end = useWrite(people.endSession, { renews });
  const endAll = useWrite(people.endSessions, { renews });
  const others = sessions.data?.filter(({ current }) => !current).length ?? 0;
  return (
    <Dialog
      title={t('people.sessions_of', { name: agent.name })} onClose={onClose}
      actions={
        <>
          {others > 1 && <Button variant="danger" busy={endAll.isPending} onClick={() => endAll.mutate(agent.id)}>{t('people.end_all')}</Button>}
          <Button variant="primary" onClick={onClose}>{t('ui.done')}</Button>
        </>
      }
    >
      <Awaited of={sessions} bones={<RowBones count={2} />}>
        {(list) => list.length === 0 ? <EmptyState title={t('people.no_sessions')} /> : (
          <Rows label={t('people.sessions_of', { name: agent.name })}>
            {list.map((session) => <SessionRow key={session.id} session={session} onEnd={() => end.mutate({ agent: agent.id, session: session.id })} />)}
          </Rows>
        )}
      </Awaited>
    </Dialog>
  );
}
