import { useQuery } from '@tanstack/react-query';
import { agentsQuery, can, inboxesQuery, meQuery } from '@/api/directory';
import { balanceQuery } from '@/features/ledger/queries';
import { useEditMe } from '@/features/team/queries';
import type { CommandId } from '@/lib/commands';

export type Step = 'mailbox' | 'teammate' | 'answer' | 'keys';

/** What the account remembers of the first steps. */
export interface Kept {
  dismissed?: boolean;
  /** They have looked at the sheet of all keys. */
  keys?: boolean;
  answer?: boolean;
  /** The keys of the lessons that they have used. */
  learned?: readonly string[];
}

/** What it takes to clear a queue without the mouse. */
export const keyLessons = [
  'list.next', 'list.open', 'conversation.reply', 'conversation.close_next', 'app.undo', 'conversation.snooze', 'conversation.assign_me', 'conversation.note', 'go.search', 'app.palette',
  'app.shortcuts',
] as const satisfies readonly CommandId[];

/** The first steps of a new installation: which are mine, which are done, and how to put them away. */
export function useFirstSteps() {
  const { data: me } = useQuery(meQuery);
  const { data: inboxes } = useQuery(inboxesQuery);
  const { data: agents } = useQuery({ ...agentsQuery, enabled: can(me, 'agents:manage') });
  const kept = (me?.onboarding ?? {}) as Kept;
  const mayCount = can(me, 'ledger:read') && !kept.dismissed && !kept.answer;
  const learned = new Set(kept.learned);
  const { data: balance } = useQuery({ ...balanceQuery, enabled: mayCount });
  const { mutate } = useEditMe();

  const mine: Record<Step, boolean> = {
    mailbox: can(me, 'inboxes:manage'), teammate: can(me, 'agents:manage'), answer: can(me, 'conversations:reply') && can(me, 'ledger:read'),
    keys: Boolean(me?.single_key_shortcuts),
  };
  const done: Record<Step, boolean> = {
    mailbox: Boolean(inboxes?.length),
    teammate: (agents?.length ?? 0) > 1,
    answer: Boolean(kept.answer) || (balance?.counts.answered ?? 0) > 0,
    keys: Boolean(kept.keys) || keyLessons.every((id) => learned.has(id)),
  };
  const steps = (Object.keys(mine) as Step[]).filter((step) => mine[step]);
  const keep = (change: Kept) => mutate({ onboarding: { ...kept, ...change } });
  const left = steps.filter((step) => !done[step]);
  // Who sets Deskbell up is led; everybody else starts to work, and has the keys to learn at hand.
  const shown = me !== undefined && (!mine.mailbox || inboxes !== undefined) && !kept.dismissed && left.length > 0;
  return { me, steps, done, left: left.length, next: left[0], dismissed: Boolean(kept.dismissed), shown, keep, learned };
}
