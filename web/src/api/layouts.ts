import { queryOptions } from '@tanstack/react-query';
import { api } from './client';
import type { Item } from './schema';
import type { Page } from './types';

export type Layout = Item<'/views/layouts'>;

/** How I look at views: those that I have changed. */
export const layoutsQuery = queryOptions({
  queryKey: ['views', 'layouts'] as const,
  queryFn: async ({ signal }) => (await api.get<Page<Layout>>('/views/layouts', { signal })).items,
  staleTime: Infinity,
});
