import { queryOptions } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { Customer, Id } from '@/api/types';

export const customerKeys = {
  list: (words: string) => ['customers', 'list', words] as const,
  one: (id: Id) => ['customers', 'one', id] as const,
};

export const customerQuery = (id: Id) =>
  queryOptions({
    queryKey: customerKeys.one(id),
    queryFn: ({ signal }) => api.get<Customer>(`/customers/${id}`, { signal }),
    staleTime: 60_000,
  });
