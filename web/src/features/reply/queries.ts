import { api } from '@/api/client';
import type { ReplyKind, SavedReply } from '@/api/replies';
import type { Sent } from '@/api/schema';
import type { Id } from '@/api/types';

export type NewReply = Sent<'/saved-replies'>;
export type ReplyChange = Sent<'/saved-replies/{id}', 'patch'>;

export const replyWrites = {
  create: ({ kind, ...body }: { kind: ReplyKind } & NewReply) => api.post<SavedReply>(`/${kind}`, { body }),
  change: ({ kind, id, ...body }: { kind: ReplyKind; id: Id } & ReplyChange) => api.patch<SavedReply>(`/${kind}/${id}`, { body }),
  remove: ({ kind, id }: { kind: ReplyKind; id: Id }) => api.delete(`/${kind}/${id}`),
  starter: () => api.post<{ added: number }>('/saved-replies/starter'),
};

/** A text as the customer of a conversation reads it, or with 0 an invented one. */
export const previewText = (html: string, conversation: Id, locale: string) =>
  api.post<{ html: string; text: string; missing: string[] }>('/saved-replies/preview', { body: { html, conversation_id: conversation, locale } });
