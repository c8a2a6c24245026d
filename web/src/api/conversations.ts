import { infiniteQueryOptions, queryOptions, type InfiniteData, type QueryClient } from '@tanstack/react-query';
import { api } from './client';
import type { Conversation, ConversationItem, Id, Page, Priority, Status, Time } from './types';

/**
 * What list and thread both hold of conversations: the keys, the questions, and the changes that show at once in
 * every place where the conversation stands.
 */
export const conversationKeys = {
  all: ['conversations'] as const,
  lists: ['conversations', 'list'] as const,
  list: (filter: ListFilter) => ['conversations', 'list', filter] as const,
  ofCustomer: (id: Id) => ['conversations', 'customer', id] as const,
  each: ['conversations', 'one'] as const,
  one: (id: Id) => ['conversations', 'one', id] as const,
  detail: (id: Id) => ['conversations', 'one', id, 'detail'] as const,
  messages: (id: Id) => ['conversations', 'one', id, 'messages'] as const,
  sides: (id: Id) => ['conversations', 'one', id, 'sides'] as const,
  participants: (id: Id) => ['conversations', 'one', id, 'participants'] as const,
};

/** The parameters of GET /conversations, without cursor and limit. */
export type ListFilter = Record<string, string | number | undefined>;

export type ListData = InfiniteData<Page<ConversationItem>, string>;

const pageSize = 50;

/** A list, page after page. What happens elsewhere is put into it row by row, so it is never asked anew by itself. */
export const listQuery = (filter: ListFilter) =>
  infiniteQueryOptions<Page<ConversationItem>, Error, ListData, readonly unknown[], string>({
    queryKey: conversationKeys.list(filter),
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<ConversationItem>>('/conversations', { query: { ...filter, cursor: pageParam, limit: pageSize }, signal }),
    initialPageParam: '',
    getNextPageParam: (last: Page<ConversationItem>) => last.next || undefined,
    staleTime: 30_000,
  });

/** Forgets what a list holds behind the page with this conversation, or behind the first: coming back asks for what is left. */
export function shortenList(queries: QueryClient, filter: ListFilter, upTo: Id | undefined): void {
  const key = conversationKeys.list(filter);
  const data = queries.getQueryData<ListData>(key);
  if (!data) return;
  const keep = Math.max(0, data.pages.findIndex((page) => page.items.some((item) => item.id === upTo))) + 1;
  if (keep < data.pages.length) queries.setQueryData<ListData>(key, { pages: data.pages.slice(0, keep), pageParams: data.pageParams.slice(0, keep) });
}

export const conversationQuery = (id: Id) =>
  queryOptions({
    queryKey: conversationKeys.detail(id),
    queryFn: ({ signal }) => api.get<Conversation>(`/conversations/${id}`, { signal }),
    staleTime: 60_000,
  });

/** The conversations of one customer, newest first. */
export const customerConversationsQuery = (id: Id) =>
  queryOptions({
    queryKey: conversationKeys.ofCustomer(id),
    queryFn: ({ signal }) => api.get<Page<ConversationItem>>('/conversations', { query: { customer_id: id, limit: 50 }, signal }),
    staleTime: 60_000,
  });

/** What PATCH takes. */
export interface Change {
  status?: Status;
  priority?: Priority;
  assignee_id?: Id | null;
  team_id?: Id | null;
  inbox_id?: Id;
  add_tags?: string[];
  remove_tags?: string[];
  snoozed_until?: Time;
  custom_fields?: Record<string, string | number | null>;
}

export function patchConversation(id: Id, change: Change): Promise<void> {
  return api.patch<void>(`/conversations/${id}`, { body: change });
}

/** Changes one conversation wherever the cache holds it; rows keep their places. */
export function patchCached(queries: QueryClient, id: Id, fields: Partial<Conversation>): void {
  // Whoever watches is told of what changed, and of nothing else: a draft patches its row while it is written.
  for (const [key, data] of queries.getQueriesData<ListData>({ queryKey: conversationKeys.lists })) {
    const next = data && mapRows(data, id, fields);
    if (next !== data) queries.setQueryData(key, next);
  }
  const detail = queries.getQueryData<Conversation>(conversationKeys.detail(id));
  if (detail && !has(detail, fields)) queries.setQueryData<Conversation>(conversationKeys.detail(id), { ...detail, ...fields });
}

function mapRows(data: ListData, id: Id, fields: Partial<ConversationItem>): ListData {
  let changed = false;
  const pages = data.pages.map((page) => {
    const at = page.items.findIndex((item) => item.id === id);
    if (at < 0 || has(page.items[at]!, fields)) return page;
    changed = true;
    return { ...page, items: page.items.with(at, { ...page.items[at]!, ...fields }) };
  });
  return changed ? { ...data, pages } : data;
}

function has(item: ConversationItem, fields: Partial<Conversation>): boolean {
  return Object.entries(fields).every(([name, value]) => Object.is(item[name as keyof ConversationItem], value));
}

/** The conversation as some list or the thread holds it. */
export function findCached(queries: QueryClient, id: Id): ConversationItem | undefined {
  const detail = queries.getQueryData<Conversation>(conversationKeys.detail(id));
  if (detail) return detail;
  for (const [, data] of queries.getQueriesData<ListData>({ queryKey: conversationKeys.lists })) {
    for (const page of data?.pages ?? []) {
      const item = page.items.find((one) => one.id === id);
      if (item) return item;
    }
  }
  return undefined;
}

/** Asks for one conversation and puts the answer everywhere it stands. Answers undefined when it is out of sight. */
export async function renewConversation(queries: QueryClient, id: Id): Promise<Conversation | undefined> {
  try {
    const found = await api.get<Conversation>(`/conversations/${id}`);
    if (queries.getQueryData(conversationKeys.detail(id))) queries.setQueryData(conversationKeys.detail(id), found);
    patchCached(queries, id, found);
    return found;
  } catch {
    return undefined;
  }
}

/** “#12” is how people name a conversation to each other; the address is what they paste. */
export function conversationLink(id: Id): string {
  return `${location.origin}/conversations/${id}`;
}
