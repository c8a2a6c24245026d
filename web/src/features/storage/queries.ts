import { queryOptions } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { Storage } from '@/api/types';

/** How much room the data takes. The server only reads what it has measured. */
export const storageQuery = queryOptions({
  queryKey: ['storage'] as const,
  queryFn: ({ signal }) => api.get<Storage>('/storage', { signal }),
  staleTime: 30_000,
});
