import { queryOptions } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { Page, SearchHit } from '@/api/types';

export const searchKeys = {
  words: (words: string) => ['search', words] as const,
};

/** The first page of what is found, newest first. */
export const searchQuery = (words: string) =>
  queryOptions({
    queryKey: searchKeys.words(words),
    queryFn: ({ signal }) => api.get<Page<SearchHit>>('/search', { query: { q: words }, signal }),
    staleTime: 15_000,
  });
