import type { QueryClient } from '@tanstack/react-query';
import { patchCached, patchConversation, type Change } from '@/api/conversations';
import type { Conversation, ConversationItem, Id, Tag } from '@/api/types';
import { problemText } from '@/api/words';

/** What an action needs to know of names, so that it can show its result before the server has answered. */
export interface Names {
  agent: (id: Id) => string;
  tag: (name: string) => Tag;
}

/** The fields of a conversation as they will be after a change. */
export function changed(item: ConversationItem, change: Change, names: Names): Partial<Conversation> {
  const fields: Partial<Conversation> = {};
  if (change.status) {
    fields.status = change.status;
    fields.snoozed_until = change.status === 'snoozed' ? (change.snoozed_until ?? item.snoozed_until) : change.status === 'pending' ? (change.snoozed_until ?? null) : null;
    fields.snooze_again = null;
  }
  if (change.snoozed_until && !change.status) Object.assign(fields, { status: 'snoozed', snoozed_until: change.snoozed_until });
  if (change.priority) fields.priority = change.priority;
  if (change.assignee_id !== undefined) {
    fields.assignee_id = change.assignee_id;
    fields.assignee = change.assignee_id === null ? null : { id: change.assignee_id, name: names.agent(change.assignee_id) };
  }
  if (change.team_id !== undefined) fields.team_id = change.team_id;
  if (change.inbox_id !== undefined) fields.inbox_id = change.inbox_id;
  if (change.add_tags ?? change.remove_tags) {
    const kept = item.tags.filter((tag) => !change.remove_tags?.includes(tag.name));
    const added = (change.add_tags ?? []).filter((name) => !kept.some((tag) => tag.name === name));
    fields.tags = [...kept, ...added.map(names.tag)];
  }
  return fields;
}

/** The change that takes another back: the old values, and of tags only those that really came or went. */
export function inverse(item: ConversationItem, change: Change): Change {
  const back: Change = {};
  if (change.status || change.snoozed_until) {
    // A moment that has passed cannot be slept until again.
    const asleep = item.snoozed_until && Date.parse(item.snoozed_until) > Date.now();
    back.status = item.status === 'snoozed' && !asleep ? 'open' : item.status;
    if (asleep) back.snoozed_until = item.snoozed_until!;
  }
  if (change.priority) back.priority = item.priority;
  if (change.assignee_id !== undefined) back.assignee_id = item.assignee_id;
  if (change.team_id !== undefined) back.team_id = item.team_id;
  if (change.inbox_id !== undefined) back.inbox_id = item.inbox_id;
  const had = (name: string) => item.tags.some((tag) => tag.name === name);
  const came = change.add_tags?.filter((name) => !had(name)) ?? [];
  const went = change.remove_tags?.filter(had) ?? [];
  if (came.length) back.remove_tags = came;
  if (went.length) back.add_tags = went;
  return back;
}

/** What the cache showed before, to be put back as it was. */
export function before(item: ConversationItem): Partial<Conversation> {
  const { status, snoozed_until, snooze_again, priority, assignee_id, assignee, team_id, inbox_id, tags } = item;
  return { status, snoozed_until, snooze_again, priority, assignee_id, assignee, team_id, inbox_id, tags };
}

const atOnce = 4;

/**
 * Changes conversations: on screen at once, on the server one request each. Answers the reasons of those that were
 * refused, which are back as they were. progress hears how many are through.
 */
export async function change(
  queries: QueryClient, items: readonly ConversationItem[], what: (item: ConversationItem) => Change, names: Names,
  progress: (done: number) => void = () => undefined,
): Promise<Map<Id, string>> {
  for (const item of items) patchCached(queries, item.id, changed(item, what(item), names));
  return each(items, async (item) => {
    try {
      await patchConversation(item.id, what(item));
    } catch (error) {
      patchCached(queries, item.id, before(item));
      throw error;
    }
  }, progress);
}

/** Takes a change back on the server and on screen. */
export function undoChange(
  queries: QueryClient, items: readonly ConversationItem[], what: (item: ConversationItem) => Change,
): Promise<Map<Id, string>> {
  for (const item of items) patchCached(queries, item.id, before(item));
  return each(items, (item) => patchConversation(item.id, inverse(item, what(item))));
}

/** Works through a list, a few at once; answers what went wrong, by id. */
export async function each(
  items: readonly ConversationItem[], work: (item: ConversationItem) => Promise<unknown>, progress: (done: number) => void = () => undefined,
): Promise<Map<Id, string>> {
  const failed = new Map<Id, string>();
  const waiting = [...items];
  let done = 0;
  async function worker() {
    for (let item = waiting.shift(); item; item = waiting.shift()) {
      try {
        await work(item);
      } catch (error) {
        failed.set(item.id, problemText(error));
      }
      progress(++done);
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return failed;
}
