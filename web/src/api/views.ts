import { queryOptions, useQuery } from '@tanstack/react-query';
import { api } from './client';
import type { Answer, Item } from './schema';
import type { Id, Page } from './types';

export type SavedView = Item<'/views'>;
export type Condition = SavedView['conditions'];

export const viewKeys = {
  all: ['views'] as const,
  list: ['views', 'list'] as const,
  count: (id: Id) => ['views', 'count', id] as const,
};

/** The views that I, my teams or everybody saved. */
export const savedViewsQuery = queryOptions({
  queryKey: viewKeys.list,
  queryFn: async ({ signal }) => (await api.get<Page<SavedView>>('/views', { signal })).items,
  staleTime: 5 * 60_000,
});

/** How many conversations are in one; the server counts again after five seconds at the earliest. */
export const viewCountQuery = (id: Id) =>
  queryOptions({
    queryKey: viewKeys.count(id),
    queryFn: ({ signal }) => api.get<Answer<'/views/{id}/count'>>(`/views/${id}/count`, { signal }),
    staleTime: 5000,
    refetchInterval: 30_000,
  });

/** How many conversations are in a saved view, 1000 = more than are counted; none where the view is not counted. */
export function useViewCount(view: SavedView | undefined): number | undefined {
  const { data } = useQuery({ ...viewCountQuery(view?.id ?? 0), enabled: Boolean(view?.counted) });
  return data && (data.more ? 1000 : data.count);
}
