import { infiniteQueryOptions } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { Page, SearchHit } from '@/api/types';

/** Where days begin for whoever looks. */
export const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || undefined;

/** Page after page of what is found. A newer search ends the request of the one before. */
export const foundQuery = (text: string) =>
  infiniteQueryOptions({
    queryKey: ['search', 'page', text], enabled: text !== '', staleTime: 15_000, retry: false,
    queryFn: ({ pageParam, signal }) => api.get<Page<SearchHit>>('/search', { query: { q: text, cursor: pageParam, time_zone: zone() }, signal }),
    initialPageParam: '', getNextPageParam: (last) => last.next || undefined, placeholderData: (before) => before,
  });
