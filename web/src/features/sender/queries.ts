import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { Answer, Item, Sent } from '@/api/schema';
import type { Id, ListedSender, Page } from '@/api/types';

export type ListKind = 'block' | 'allow';
export type Source = 'sender' | 'reply_to' | 'original_from' | 'form';
export type Rule = Omit<Item<'/customer-rules'>, 'sources'> & { sources: Source[] };
export type RuleValues = Sent<'/customer-rules'>;
export type Tried = Omit<Answer<'/customer-rules/try', 'post'>, 'source'> & { source: Source | '' };

export const senderKeys = {
  lists: ['senders'] as const,
  list: (kind: ListKind) => ['senders', kind] as const,
  settings: ['spam-settings'] as const,
  rules: ['customer-rules'] as const,
};

export const listedQuery = (kind: ListKind) =>
  infiniteQueryOptions({
    queryKey: senderKeys.list(kind),
    queryFn: ({ signal, pageParam }) => api.get<Page<ListedSender>>('/senders', { query: { kind, limit: 50, cursor: pageParam }, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next || undefined,
  });

export const spamSettingsQuery = queryOptions({
  queryKey: senderKeys.settings,
  queryFn: ({ signal }) => api.get<Answer<'/spam-settings'>>('/spam-settings', { signal }),
});

export const rulesQuery = queryOptions({
  queryKey: senderKeys.rules,
  queryFn: async ({ signal }) => (await api.get<Page<Rule>>('/customer-rules', { signal })).items,
});

export const senderWrites = {
  add: (body: { kind: ListKind; pattern: string }) => api.post<ListedSender>('/senders', { body }),
  remove: (id: Id) => api.delete(`/senders/${id}`),
  keep: (days: { keep_days: number; trash_keep_days: number }) => api.patch<Answer<'/spam-settings'>>('/spam-settings', { body: days }),
};

export const ruleWrites = {
  create: (body: RuleValues) => api.post<Rule>('/customer-rules', { body }),
  change: ({ id, ...body }: RuleValues & { id: Id; version?: number }) => api.patch<Rule>(`/customer-rules/${id}`, { body }),
  remove: (id: Id) => api.delete(`/customer-rules/${id}`),
  order: (ids: Id[]) => api.post('/customer-rules/order', { body: { ids } }),
  tryOut: (body: { raw: string; rule?: RuleValues }) => api.post<Tried>('/customer-rules/try', { body }),
};
