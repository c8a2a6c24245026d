import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { Answer, Item } from '@/api/schema';
import type { Id, Page } from '@/api/types';
import { customerKeys } from './queries';

export type Said = Item<'/customers/{id}/timeline'>;
export type CustomerFile = Item<'/customers/{id}/files'>;
export type CustomerNote = Item<'/customers/{id}/notes'>;
export type CustomerConsent = Item<'/customers/{id}/consents'>;
export type CustomerRequest = Item<'/customers/{id}/requests'>;
export type ErasePlan = Answer<'/customers/{id}/erase'>;
export type HoldAnswer = Omit<Answer<'/customers/{id}/legal-hold'>, 'hold'> & { hold: Answer<'/customers/{id}/legal-hold'>['hold'] | null };

export const knownKeys = {
  notes: (id: Id) => [...customerKeys.one(id), 'notes'],
  consents: (id: Id) => [...customerKeys.one(id), 'consents'],
  hold: (id: Id) => [...customerKeys.one(id), 'hold'],
  requests: (id: Id) => [...customerKeys.one(id), 'requests'],
};

const pages = <T>(id: Id, part: 'timeline' | 'files' | 'notes', limit: number) =>
  infiniteQueryOptions({
    queryKey: [...customerKeys.one(id), part],
    queryFn: ({ pageParam, signal }) => api.get<Page<T>>(`/customers/${id}/${part}`, { query: { cursor: pageParam, limit }, signal }),
    initialPageParam: '', getNextPageParam: (last: Page<T>) => last.next || undefined, staleTime: 30_000,
  });

export const timelineQuery = (id: Id) => pages<Said>(id, 'timeline', 50);
export const filesQuery = (id: Id) => pages<CustomerFile>(id, 'files', 50);
export const notesQuery = (id: Id) => pages<CustomerNote>(id, 'notes', 20);

export const consentsQuery = (id: Id) =>
  queryOptions({ queryKey: knownKeys.consents(id), queryFn: async ({ signal }) => (await api.get<{ items: CustomerConsent[] }>(`/customers/${id}/consents`, { signal })).items });

export const holdQuery = (id: Id) =>
  queryOptions({ queryKey: knownKeys.hold(id), queryFn: ({ signal }) => api.get<HoldAnswer>(`/customers/${id}/legal-hold`, { signal }) });

const soon = 1500;

/** Asked again while one of them is being worked on. */
export const requestsQuery = (id: Id) =>
  queryOptions({
    queryKey: knownKeys.requests(id), queryFn: async ({ signal }) => (await api.get<{ items: CustomerRequest[] }>(`/customers/${id}/requests`, { signal })).items,
    refetchInterval: ({ state }) => (state.data?.some((one) => one.state === 'waiting') ? soon : false), gcTime: 0,
  });
