import { queryOptions } from '@tanstack/react-query';
import { api } from '@/api/client';
import { replyKeys, type ReplyKind, type SavedReply } from '@/api/replies';
import type { Answer, Sent } from '@/api/schema';
import type { Id } from '@/api/types';

export type NewReply = Sent<'/saved-replies'>;
export type ReplyChange = Sent<'/saved-replies/{id}', 'patch'>;

export const replyWrites = {
  create: ({ kind, ...body }: { kind: ReplyKind } & NewReply) => api.post<SavedReply>(`/${kind}`, { body }),
  change: ({ kind, id, ...body }: { kind: ReplyKind; id: Id } & ReplyChange) => api.patch<SavedReply>(`/${kind}/${id}`, { body }),
  remove: ({ kind, id }: { kind: ReplyKind; id: Id }) => api.delete(`/${kind}/${id}`),
  starter: () => api.post<Answer<'/saved-replies/starter', 'post'>>('/saved-replies/starter'),
};

/** A text as the customer of a conversation reads it, or with 0 an invented one. */
export const previewText = (html: string, conversation: Id, locale: string) =>
  api.post<{ html: string; text: string; missing: string[] }>('/saved-replies/preview', { body: { html, conversation_id: conversation, locale } });

/** How many of the starter pack are not there; renewed with the saved replies. */
export const missingQuery = queryOptions({
  queryKey: [...replyKeys.all, 'starter'] as const,
  queryFn: async ({ signal }) => (await api.get<Answer<'/saved-replies/starter'>>('/saved-replies/starter', { signal })).missing,
});
