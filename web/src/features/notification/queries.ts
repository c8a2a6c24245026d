import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { Answer, Item, Sent } from '@/api/schema';
import type { Page } from '@/api/types';

export type Notification = Item<'/notifications'>;
export type NotificationKind = Notification['kind'];
type Count = Answer<'/notifications/count'>;
type Push = Answer<'/me/push'>;
type Settings = Answer<'/me/notification-settings'>;
export type NotificationSetting = NonNullable<Settings['items']>[number];
export type Rhythm = Answer<'/me/notification-rhythm'>;

export const notificationKeys = {
  all: ['notifications'] as const,
  count: ['notifications', 'count'] as const,
  list: ['notifications', 'list'] as const,
  settings: ['notification-settings'] as const,
  rhythm: ['notification-rhythm'] as const,
  push: ['push'] as const,
};

// The socket says when it changes; the clock is for a hint that was lost.
export const notificationCountQuery = queryOptions({
  queryKey: notificationKeys.count,
  queryFn: ({ signal }) => api.get<Count>('/notifications/count', { signal }),
  staleTime: 30_000, refetchInterval: 60_000,
});

export const notificationsQuery = infiniteQueryOptions({
  queryKey: notificationKeys.list,
  queryFn: ({ signal, pageParam }) => api.get<Page<Notification>>('/notifications', { query: { limit: 30, cursor: pageParam }, signal }),
  initialPageParam: '',
  getNextPageParam: (page) => page.next || undefined,
  staleTime: 0,
});

export const notificationSettingsQuery = queryOptions({
  queryKey: notificationKeys.settings,
  queryFn: ({ signal }) => api.get<Settings>('/me/notification-settings', { signal }),
  staleTime: 60_000,
});

export const rhythmQuery = queryOptions({
  queryKey: notificationKeys.rhythm,
  queryFn: ({ signal }) => api.get<Rhythm>('/me/notification-rhythm', { signal }),
  staleTime: 60_000,
});

export const pushQuery = queryOptions({
  queryKey: notificationKeys.push,
  queryFn: ({ signal }) => api.get<Push>('/me/push', { signal }),
  staleTime: 60_000,
});

/** Changes when I am told, at once, and puts it back when that fails. */
export function useEditRhythm() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Rhythm) => api.put<Rhythm>('/me/notification-rhythm', { body }),
    onMutate: async (next) => {
      await queries.cancelQueries({ queryKey: notificationKeys.rhythm });
      const before = queries.getQueryData<Rhythm>(notificationKeys.rhythm);
      queries.setQueryData<Rhythm>(notificationKeys.rhythm, next);
      return before;
    },
    onSuccess: (rhythm) => queries.setQueryData(notificationKeys.rhythm, rhythm),
    onError: (_error, _next, before) => queries.setQueryData(notificationKeys.rhythm, before),
  });
}

/** Marks some as read, or all that are shown; the answer is how many are left. */
export function useMarkRead() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Sent<'/notifications/read'>) => api.post<Count>('/notifications/read', { body }),
    onSuccess: (count) => {
      queries.setQueryData<Count>(notificationKeys.count, count);
      return queries.invalidateQueries({ queryKey: notificationKeys.list });
    },
  });
}

/** Changes where I am told of some kinds, at once, and puts it back when that fails. */
export function useEditSettings() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (items: Sent<'/me/notification-settings', 'put'>['items']) => api.put<Settings>('/me/notification-settings', { body: { items } }),
    onMutate: async (change) => {
      await queries.cancelQueries({ queryKey: notificationKeys.settings });
      const before = queries.getQueryData<Settings>(notificationKeys.settings);
      if (before) {
        const items = (before.items ?? []).map((one) => ({ ...one, ...(change ?? []).find(({ kind }) => kind === one.kind) }));
        queries.setQueryData<Settings>(notificationKeys.settings, { ...before, items });
      }
      return before;
    },
    onSuccess: (settings) => queries.setQueryData(notificationKeys.settings, settings),
    onError: (_error, _change, before) => queries.setQueryData(notificationKeys.settings, before),
  });
}
