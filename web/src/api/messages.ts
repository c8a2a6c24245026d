import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { api } from './client';
import { conversationKeys } from './conversations';
import type { Id, Message, Page } from './types';

/** The newest messages of a conversation, oldest first, and where the earlier ones begin. */
export interface Thread {
  items: Message[];
  /** Cursor of the page before; empty when this is all. */
  older: string;
}

const pageSize = 40;

async function page(id: Id, cursor: string, signal?: AbortSignal): Promise<Thread> {
  const found = await api.get<Page<Message>>(`/conversations/${id}/messages`, {
    query: { order: 'desc', limit: pageSize, cursor }, signal,
  });
  return { items: found.items.toReversed(), older: found.next };
}

/**
 * Puts the newest page onto what is already shown. Earlier pages stay while the two touch; a message that is gone
 * from the newest page (taken back) is gone here too.
 */
export function joinNewest(shown: Thread | undefined, newest: Thread): Thread {
  const first = newest.items[0];
  if (!shown || !first || !newest.older) return newest;
  const earlier = shown.items.filter((message) => message.id < first.id);
  const touch = earlier.length > 0 && shown.items.some((message) => message.id === first.id);
  return touch ? { items: [...earlier, ...newest.items], older: shown.older } : newest;
}

export const messagesQuery = (id: Id) =>
  queryOptions({
    queryKey: conversationKeys.messages(id),
    queryFn: async ({ signal, client, queryKey }) => {
      const newest = await page(id, '', signal);
      return joinNewest(client.getQueryData<Thread>(queryKey), newest);
    },
    staleTime: 60_000,
  });

/** Fetches the page before the first message and puts it in front. */
export async function loadOlder(queries: QueryClient, id: Id): Promise<void> {
  const key = conversationKeys.messages(id);
  const cursor = queries.getQueryData<Thread>(key)?.older;
  if (!cursor) return;
  const before = await page(id, cursor);
  queries.setQueryData<Thread>(key, (now) => now && (now.older === cursor ? { items: [...before.items, ...now.items], older: before.older } : now));
}

/** Shows a message at once, in its place; one that is there already is renewed. */
export function showMessage(queries: QueryClient, message: Message): void {
  if (message.side_conversation_id) return; // it stands in no thread
  queries.setQueryData<Thread>(conversationKeys.messages(message.conversation_id), (now) => {
    if (!now) return now;
    const items = [...now.items.filter((one) => one.id !== message.id), message].sort((a, b) => a.id - b.id);
    return { ...now, items };
  });
}

export function hideMessage(queries: QueryClient, conversation: Id, message: Id): void {
  queries.setQueryData<Thread>(conversationKeys.messages(conversation), (now) => now && { ...now, items: now.items.filter((one) => one.id !== message) });
}
