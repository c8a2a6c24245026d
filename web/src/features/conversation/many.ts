import type { QueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import { conversationKeys, patchCached, type Change, type ListFilter } from '@/api/conversations';
import { directoryKeys } from '@/api/directory';
import type { Answer, Item, Sent } from '@/api/schema';
import type { ConversationItem, Id, Page } from '@/api/types';
import { before, changed, type Names } from './actions';

export type Run = Answer<'/bulk/{id}'>;
type Reply = NonNullable<Sent<'/bulk'>['reply']>;
type BulkItem = Item<'/bulk/{id}/items'>;

export interface Many {
  /** What is on screen of the conversations; with a filter there may be more. */
  items: readonly ConversationItem[];
  /** A whole list instead of the items. */
  filter?: ListFilter;
  change?: Change;
  reply?: Reply;
}

export interface Outcome {
  run: Run;
  failed: Map<Id, string>;
  /** Those that failed without being on screen, so that they can be named. */
  unseen: ConversationItem[];
}

const pause = 300;
const atOnce = 4;

/** Changes many conversations with one request: on screen at once, on the server one after the other. */
export async function changeMany(queries: QueryClient, { items, filter, change, reply }: Many, names: Names, progress: (done: number, total: number) => void): Promise<Outcome> {
  if (change) for (const item of items) patchCached(queries, item.id, changed(item, change, names));
  const back = (item: ConversationItem) => patchCached(queries, item.id, before(item));
  try {
    const chosen = filter ? { filter: asked(filter) } : { conversation_ids: items.map(({ id }) => id) };
    const run = await through(await api.post<Run>('/bulk', { body: { ...chosen, change, reply } }), progress);
    const failed = await failuresOf(run);
    for (const item of items) if (failed.has(item.id)) back(item);
    renew(queries, Boolean(filter));
    return { run, failed, unseen: await named([...failed.keys()].filter((id) => !items.some((item) => item.id === id))) };
  } catch (error) {
    for (const item of items) back(item);
    throw error;
  }
}

/** Takes all of it back; answers why some could not be. */
export async function undoMany(queries: QueryClient, run: Run, { items, filter }: Pick<Many, 'items' | 'filter'>): Promise<string[]> {
  for (const item of items) patchCached(queries, item.id, before(item));
  const done = await through(await api.post<Run>(`/bulk/${run.id}/undo`, { body: {} }), () => undefined);
  const stayed = done.done ? await itemsOf(done.id, 'done') : [];
  renew(queries, Boolean(filter));
  return [...new Set(stayed.map((one) => one.error).filter(Boolean))];
}

// Asks how far it is until it is through. What the socket tells renews the rows meanwhile.
async function through(run: Run, progress: (done: number, total: number) => void): Promise<Run> {
  let now = run;
  for (let wait = pause; now.state === 'running' || now.state === 'undoing'; wait = Math.min(wait * 1.5, 2000)) {
    progress(now.total - now.waiting, now.total);
    await new Promise((resolve) => setTimeout(resolve, wait));
    // A lost connection is no reason to stop looking: the server goes on.
    now = await api.get<Run>(`/bulk/${run.id}`).catch(() => now);
  }
  progress(now.total, now.total);
  return now;
}

async function failuresOf(run: Run): Promise<Map<Id, string>> {
  return new Map(run.failed ? (await itemsOf(run.id, 'failed')).map((one) => [one.conversation_id, one.error]) : []);
}

// What cannot be read any more stays a number.
async function named(ids: Id[]): Promise<ConversationItem[]> {
  const found: ConversationItem[] = [];
  for (let from = 0; from < ids.length; from += atOnce) {
    const some = await Promise.all(ids.slice(from, from + atOnce).map((id) => api.get<ConversationItem>(`/conversations/${id}`).catch(() => undefined)));
    found.push(...some.filter((one) => one !== undefined));
  }
  return found;
}

async function itemsOf(id: Id, state: 'failed' | 'done'): Promise<BulkItem[]> {
  return (await api.get<Page<BulkItem>>(`/bulk/${id}/items`, { query: { state, limit: 100 } })).items;
}

function renew(queries: QueryClient, all: boolean) {
  void queries.invalidateQueries({ queryKey: directoryKeys.counts });
  if (all) void queries.invalidateQueries({ queryKey: conversationKeys.all });
}

// The parameters of the list without its order, as the server takes them for a whole list.
function asked({ status, assignee_id, inbox_id, team_id, without, ...rest }: ListFilter) {
  delete rest.sort;
  delete rest.fields;
  return {
    ...rest, status: status ? String(status).split(',') : undefined, assignee_id: assignee_id === undefined ? undefined : String(assignee_id),
    without: without ? String(without).split(',') : undefined, inbox_id: inbox_id === undefined ? undefined : Number(inbox_id), team_id: team_id === undefined ? undefined : Number(team_id),
  };
}
