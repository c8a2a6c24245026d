import { queryOptions } from '@tanstack/react-query';
import { api } from './client';
import type { Answer, Item } from './schema';
import type { Id, Page } from './types';

/** Saved replies and macros, as the composer offers them and settings keep them. */
export type SavedReply = Item<'/saved-replies'>;
export type ReplyActions = SavedReply['actions'];
export type Filled = Answer<'/saved-replies/{id}/render', 'post'>;
export type ReplyKind = 'saved-replies' | 'macros';

export const replyKeys = {
  all: ['replies'] as const,
  list: (kind: ReplyKind) => ['replies', kind] as const,
  filled: (kind: ReplyKind, id: Id, conversation: Id, locale: string) => ['replies', kind, 'filled', id, conversation, locale] as const,
};

/** All that I may use, what I used last first. */
export const repliesQuery = (kind: ReplyKind) =>
  queryOptions({
    queryKey: replyKeys.list(kind),
    queryFn: async ({ signal }) => {
      const items: SavedReply[] = [];
      let cursor = '';
      do {
        const page = await api.get<Page<SavedReply>>(`/${kind}`, { query: { limit: 100, cursor }, signal });
        items.push(...page.items);
        cursor = page.next;
      } while (cursor);
      return items;
    },
    staleTime: 60_000,
  });

/** One as it would stand in a conversation. */
export const filledQuery = (kind: ReplyKind, id: Id, conversation: Id, locale: string) =>
  queryOptions({
    queryKey: replyKeys.filled(kind, id, conversation, locale),
    queryFn: ({ signal }) => api.post<Filled>(`/${kind}/${id}/render`, { body: { conversation_id: conversation, locale }, signal }),
    staleTime: 60_000,
    retry: false,
  });

/** Takes one for a conversation: it is counted, and its files are mine. */
export function takeReply(kind: ReplyKind, id: Id, conversation: Id, locale: string): Promise<Filled> {
  return api.post<Filled>(`/${kind}/${id}/render`, { body: { conversation_id: conversation, locale, use: true } });
}
