import { queryOptions } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { Customer, CustomerDuplicates, CustomerMergePreview, Id } from '@/api/types';

export const customerKeys = {
  all: ['customers'] as const,
  list: (words: string) => ['customers', 'list', words] as const,
  one: (id: Id) => ['customers', 'one', id] as const,
};

export const customerQuery = (id: Id) =>
  queryOptions({
    queryKey: customerKeys.one(id),
    queryFn: ({ signal }) => api.get<Customer>(`/customers/${id}`, { signal }),
    staleTime: 60_000,
  });

/** Who may be the same person. */
export const duplicatesQuery = (id: Id) =>
  queryOptions({
    queryKey: [...customerKeys.one(id), 'duplicates'],
    queryFn: ({ signal }) => api.get<CustomerDuplicates>(`/customers/${id}/duplicates`, { signal }),
    staleTime: 60_000,
  });

/** What putting one customer into another would do. */
export const mergePreviewQuery = (survivor: Id, other: Id) =>
  queryOptions({
    queryKey: [...customerKeys.one(survivor), 'preview', other],
    queryFn: ({ signal }) => api.post<CustomerMergePreview>(`/customers/${survivor}/merge/preview`, { body: { customer_ids: [other] }, signal }),
    retry: false, staleTime: 0, gcTime: 0,
  });
