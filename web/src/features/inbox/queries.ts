import { queryOptions } from '@tanstack/react-query';
import { api } from '@/api/client';
import { list } from '@/api/directory';
import type { Answer, Sent } from '@/api/schema';
import type { Id, Inbox } from '@/api/types';

export type Health = Answer<'/inboxes/{id}/health'>;
export type TestResult = Answer<'/inboxes/test', 'post'>;
export type TestStep = TestResult['steps'][number];
export type Domain = Answer<'/inboxes/{id}/domains'>['items'][number];
export type DomainFinding = Domain['findings'][number];
export type InboxBody = Sent<'/inboxes'>;

export const inboxKeys = {
  one: (id: Id) => ['inboxes', id] as const,
  health: (id: Id) => ['inboxes', id, 'health'] as const,
  archived: ['inboxes', 'archived'] as const,
};

export const inboxQuery = (id: Id) =>
  queryOptions({ queryKey: inboxKeys.one(id), queryFn: ({ signal }) => api.get<Inbox>(`/inboxes/${id}`, { signal }), staleTime: 0 });

export const healthQuery = (id: Id) =>
  queryOptions({
    queryKey: inboxKeys.health(id),
    queryFn: ({ signal }) => api.get<Health>(`/inboxes/${id}/health`, { signal }),
    // Somebody who has just connected a mailbox waits for the first word.
    refetchInterval: ({ state }) => (state.data?.state === 'idle' ? 2_000 : 15_000),
    staleTime: 5_000,
  });

export const withArchivedQuery = list<Inbox>(inboxKeys.archived, '/inboxes', { archived: true });

export const inboxWrites = {
  create: (body: InboxBody) => api.post<Inbox>('/inboxes', { body }),
  change: ({ id, ...body }: InboxBody & { id: Id; version: number }) => api.patch<Inbox>(`/inboxes/${id}`, { body }),
  archive: (id: Id) => api.delete(`/inboxes/${id}`),
  test: (id: Id) => api.post<TestResult>(`/inboxes/${id}/test`),
  domains: (id: Id) => api.get<Answer<'/inboxes/{id}/domains'>>(`/inboxes/${id}/domains`),
  tryOut: (body: InboxBody) => api.post<TestResult>('/inboxes/test', { body }),
};
