import { api } from '@/api/client';
import type { Answer, Sent } from '@/api/schema';
import type { Checked, ToneRule, ToneRuleValues } from '@/api/tone';
import type { Id } from '@/api/types';

export const toneWrites = {
  create: (body: ToneRuleValues) => api.post<ToneRule>('/tone-rules', { body }),
  change: ({ id, ...body }: Sent<'/tone-rules/{id}', 'patch'> & { id: Id }) => api.patch<ToneRule>(`/tone-rules/${id}`, { body }),
  remove: (id: Id) => api.delete(`/tone-rules/${id}`),
  restore: (id: Id) => api.post<ToneRule>(`/tone-rules/${id}/restore`),
  starter: () => api.post<Answer<'/tone-rules/starter', 'post'>>('/tone-rules/starter'),
  tryOut: (body: Sent<'/tone-rules/try'>) => api.post<Checked>('/tone-rules/try', { body }),
};
