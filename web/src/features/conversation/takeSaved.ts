import type { QueryClient } from '@tanstack/react-query';
import { api, newIdempotencyKey } from '@/api/client';
import { conversationKeys, patchConversation, renewConversation, type Change } from '@/api/conversations';
import { replyKeys, takeReply, type ReplyActions, type ReplyKind, type SavedReply } from '@/api/replies';
import type { Attachment, Id, Page } from '@/api/types';
import { problemText } from '@/api/words';
import { endIn } from '@/lib/days';
import { t } from '@/lib/i18n';
import { toast } from '@/ui/Toast';
import { changeOf } from './savedReply';

export interface Picked {
  kind: ReplyKind;
  reply: SavedReply;
  locale: string;
}

/** What a saved reply or macro brings into the composer. */
export interface Taken {
  html: string;
  attachments: Attachment[];
  /** What happens when it is sent. */
  then?: Change;
  /** Variables in the text that have no value here. */
  missing: string[];
  /** It was no text, and closed the conversation. */
  closed: boolean;
}

/**
 * Takes a saved reply or macro for a conversation. Notes and tasks are there at once; what else it changes waits until
 * the text is sent, or happens at once where there is no text.
 */
export async function takeSaved(queries: QueryClient, conversation: Id, { kind, reply, locale }: Picked): Promise<Taken> {
  const filled = await takeReply(kind, reply.id, conversation, locale);
  void queries.invalidateQueries({ queryKey: replyKeys.all });
  const then = changeOf(filled.actions, filled.snoozed_until);
  if (filled.actions.note) await api.post(`/conversations/${conversation}/notes`, { body: { text: filled.actions.note } });
  if (filled.actions.tasks?.length) await addTasks(queries, conversation, filled.actions.tasks);
  if (!filled.html) {
    if (then) await patchConversation(conversation, then);
    if (then || filled.actions.note) toast({ text: t('saved.done', { name: reply.name }) });
    void renewConversation(queries, conversation).then(() => queries.invalidateQueries({ queryKey: conversationKeys.messages(conversation) }));
  }
  return {
    html: filled.html, attachments: filled.attachments, then: filled.html ? then : undefined,
    missing: filled.missing.map((name) => `{{${name}}}`).filter((word) => filled.text.includes(word)), closed: !filled.html && then?.status === 'closed',
  };
}

type GivenTask = NonNullable<ReplyActions['tasks']>[number];
type Task = { id: Id; text: string; done_at: string | null };

const tasksKey = ['tasks'];

// What is open there already is not asked for twice.
async function addTasks(queries: QueryClient, conversation: Id, wanted: GivenTask[]): Promise<void> {
  const place = `/conversations/${conversation}/tasks`;
  const open = new Set((await api.get<Page<Task>>(place)).items.filter((one) => !one.done_at).map((one) => one.text));
  const tasks = wanted.filter((one) => !open.has(one.text.trim())).map(({ text, assignee_id, due_days }) => ({ text, assignee_id, due_at: due_days === undefined ? undefined : endIn(due_days) }));
  if (!tasks.length) return;
  const made = await api.post<Page<Task>>(place, { idempotencyKey: newIdempotencyKey(), body: { tasks } });
  const renew = () => queries.invalidateQueries({ queryKey: tasksKey });
  void renew();
  const undo = () => void Promise.all(made.items.map((one) => api.delete(`/tasks/${one.id}`)))
    .catch((error: unknown) => toast({ text: problemText(error), tone: 'bad' })).finally(() => void renew());
  toast({ text: t('tasks.added', { count: made.items.length }), undo });
}
