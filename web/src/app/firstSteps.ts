import { useQuery } from '@tanstack/react-query';
import { agentsQuery, can, inboxesQuery, meQuery } from '@/api/directory';
import { balanceQuery } from '@/features/ledger/queries';
import { useEditMe } from '@/features/team/queries';

export type Step = 'mailbox' | 'teammate' | 'answer' | 'keys';

/** What the account remembers of the first steps. */
interface Kept {
  dismissed?: boolean;
  keys?: boolean;
  answer?: boolean;
}

/** The first steps of a new installation: which are mine, which are done, and how to put them away. */
export function useFirstSteps() {
  const { data: me } = useQuery(meQuery);
  const { data: inboxes } = useQuery(inboxesQuery);
  const { data: agents } = useQuery({ ...agentsQuery, enabled: can(me, 'agents:manage') });
  const kept = (me?.onboarding ?? {}) as Kept;
  const mayCount = can(me, 'ledger:read') && !kept.dismissed && !kept.answer;
  const { data: balance } = useQuery({ ...balanceQuery, enabled: mayCount });
  const { mutate } = useEditMe();

  const mine: Record<Step, boolean> = {
    mailbox: can(me, 'inboxes:manage'), teammate: can(me, 'agents:manage'), answer: can(me, 'conversations:reply'), keys: true,
  };
  const done: Record<Step, boolean> = {
    mailbox: Boolean(inboxes?.length),
    teammate: (agents?.length ?? 0) > 1,
    answer: Boolean(kept.answer) || (balance?.counts.answered ?? 0) > 0,
    keys: Boolean(kept.keys),
  };
  const steps = (Object.keys(mine) as Step[]).filter((step) => mine[step]);
  const keep = (change: Kept) => mutate({ onboarding: { ...kept, ...change } });
  const left = steps.filter((step) => !done[step]);
  // Only who sets Deskbell up is led; everybody else just starts to work.
  const shown = mine.mailbox && inboxes !== undefined && !kept.dismissed && left.length > 0;
  return { me, steps, done, left: left.length, next: left[0], dismissed: Boolean(kept.dismissed), shown, keep };
}
