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

export const previewText = (html: string) => api.post<{ html: string; text: string; missing: string[] }>('/saved-replies/preview', { body: { html } });
