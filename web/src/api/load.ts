import { queryOptions } from '@tanstack/react-query';
import { api } from './client';
import type { Item } from './schema';
import type { Page } from './types';

export type Load = Item<'/agents/load'>;

/** Who is there, and how many open conversations each has. */
export const loadQuery = queryOptions({
  queryKey: ['load'],
  queryFn: async ({ signal }) => (await api.get<Page<Load>>('/agents/load', { signal })).items,
  staleTime: 5000,
});
