import { queryOptions } from '@tanstack/react-query';
import { api } from '@/api/client';
import { list } from '@/api/directory';
import type { Answer, Item, Sent } from '@/api/schema';
import type { Id, Inbox } from '@/api/types';

export type Health = Answer<'/inboxes/{id}/health'>;
export type TestResult = Answer<'/inboxes/test', 'post'>;
export type TestStep = TestResult['steps'][number];
export type Domain = Answer<'/inboxes/{id}/domains'>['items'][number];
export type DomainFinding = Domain['findings'][number];
export type InboxBody = Sent<'/inboxes'>;

export type SignInService = Item<'/mail-providers'>;
export type ServiceBody = Sent<'/mail-providers/{key}', 'put'>;

export const inboxKeys = {
  one: (id: Id) => ['inboxes', id] as const,
  health: (id: Id) => ['inboxes', id, 'health'] as const,
  archived: ['inboxes', 'archived'] as const,
  services: ['mail-providers'] as const,
  imports: (id: Id) => ['inboxes', id, 'imports'] as const,
  folders: (id: Id) => ['inboxes', id, 'folders'] as const,
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

export type MailImport = Item<'/inboxes/{id}/imports'>;
export type MailFolder = Item<'/inboxes/{id}/folders'>;

const moving: readonly MailImport['state'][] = ['counting', 'running'];

export const importsQuery = (id: Id) =>
  queryOptions({
    ...list<MailImport>(inboxKeys.imports(id), `/inboxes/${id}/imports`),
    refetchInterval: ({ state }) => (state.data?.some((one) => moving.includes(one.state)) ? 1_500 : false),
  });

export const foldersQuery = (id: Id) => queryOptions({ ...list<MailFolder>(inboxKeys.folders(id), `/inboxes/${id}/folders`), retry: false, staleTime: 60_000 });

export const servicesQuery = list<SignInService>(inboxKeys.services, '/mail-providers');

export const withArchivedQuery = list<Inbox>(inboxKeys.archived, '/inboxes', { archived: true });

export const inboxWrites = {
  create: (body: InboxBody) => api.post<Inbox>('/inboxes', { body }),
  change: ({ id, ...body }: InboxBody & { id: Id; version: number }) => api.patch<Inbox>(`/inboxes/${id}`, { body }),
  archive: (id: Id) => api.delete(`/inboxes/${id}`),
  test: (id: Id) => api.post<TestResult>(`/inboxes/${id}/test`),
  setService: ({ key, ...body }: ServiceBody & { key: SignInService['key'] }) => api.put<SignInService>(`/mail-providers/${key}`, { body }),
  beginConsent: (id: Id) => api.post<{ url: string }>(`/inboxes/${id}/consent`, { body: {} }),
  finishConsent: (body: Sent<'/consents'>) => api.post<{ inbox_id: Id }>('/consents', { body }),
  beginImport: ({ id, ...body }: Sent<'/inboxes/{id}/imports'> & { id: Id }) => api.post<MailImport>(`/inboxes/${id}/imports`, { body }),
  setImport: ({ id, to }: { id: Id; to: 'start' | 'pause' | 'cancel' }) => api.post<MailImport>(`/imports/${id}/${to}`),
  domains: (id: Id) => api.get<Answer<'/inboxes/{id}/domains'>>(`/inboxes/${id}/domains`),
  tryOut: (body: InboxBody) => api.post<TestResult>('/inboxes/test', { body }),
};
