import { api } from '@/api/client';
import type { Id, Tag, TagColor } from '@/api/types';

export interface TagValues {
  name: string;
  color: TagColor;
}

export const tagWrites = {
  create: (body: TagValues) => api.post<Tag>('/tags', { body }),
  change: ({ id, ...body }: TagValues & { id: Id }) => api.patch<Tag>(`/tags/${id}`, { body }),
  remove: (id: Id) => api.delete(`/tags/${id}`),
};
