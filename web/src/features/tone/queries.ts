import { queryOptions } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { Answer, Sent } from '@/api/schema';
import { toneKeys, type Checked, type ToneRule, type ToneRuleValues } from '@/api/tone';
import type { Id } from '@/api/types';

export const toneWrites = {
  create: (body: ToneRuleValues) => api.post<ToneRule>('/tone-rules', { body }),
  change: ({ id, ...body }: Sent<'/tone-rules/{id}', 'patch'> & { id: Id }) => api.patch<ToneRule>(`/tone-rules/${id}`, { body }),
  remove: (id: Id) => api.delete(`/tone-rules/${id}`),
  restore: (id: Id) => api.post<ToneRule>(`/tone-rules/${id}/restore`),
  starter: () => api.post<Answer<'/tone-rules/starter', 'post'>>('/tone-rules/starter'),
  tryOut: (body: Sent<'/tone-rules/try'>) => api.post<Checked>('/tone-rules/try', { body }),
};

/** How many of the starter set are not there; renewed with the rules. */
export const missingQuery = queryOptions({
  queryKey: [...toneKeys.rules, 'starter'] as const,
  queryFn: async ({ signal }) => (await api.get<Answer<'/tone-rules/starter'>>('/tone-rules/starter', { signal })).missing,
});
