import { queryOptions } from '@tanstack/react-query';
import { api } from './client';
import type { Answer } from './schema';

export type NotificationCount = Answer<'/notifications/count'>;

export const notificationKeys = {
  all: ['notifications'] as const,
  count: ['notifications', 'count'] as const,
  list: ['notifications', 'list'] as const,
};

// The socket says when it changes; the clock is for a hint that was lost.
export const notificationCountQuery = queryOptions({
  queryKey: notificationKeys.count,
  queryFn: ({ signal }) => api.get<NotificationCount>('/notifications/count', { signal }),
  staleTime: 30_000, refetchInterval: 60_000,
});
