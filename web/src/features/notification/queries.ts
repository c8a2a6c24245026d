import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import { type NotificationCount, notificationKeys } from '@/api/notifications';
import type { Answer, Item, Sent } from '@/api/schema';
import type { Page } from '@/api/types';

export type Notification = Item<'/notifications'>;
export type NotificationKind = Notification['kind'];
type Push = Answer<'/me/push'>;
type Settings = Answer<'/me/notification-settings'>;
export type NotificationSetting = NonNullable<Settings['items']>[number];
export type Rhythm = Answer<'/me/notification-rhythm'>;

export const settingKeys = {
  settings: ['notification-settings'] as const,
  rhythm: ['notification-rhythm'] as const,
  push: ['push'] as const,
};

export const notificationsQuery = infiniteQueryOptions({
  queryKey: notificationKeys.list,
  queryFn: ({ signal, pageParam }) => api.get<Page<Notification>>('/notifications', { query: { limit: 30, cursor: pageParam }, signal }),
  initialPageParam: '',
  getNextPageParam: (page) => page.next || undefined,
  staleTime: 0,
});

export const notificationSettingsQuery = queryOptions({
  queryKey: settingKeys.settings,
  queryFn: ({ signal }) => api.get<Settings>('/me/notification-settings', { signal }),
  staleTime: 60_000,
});

export const rhythmQuery = queryOptions({
  queryKey: settingKeys.rhythm,
  queryFn: ({ signal }) => api.get<Rhythm>('/me/notification-rhythm', { signal }),
  staleTime: 60_000,
});

export const pushQuery = queryOptions({
  queryKey: settingKeys.push,
  queryFn: ({ signal }) => api.get<Push>('/me/push', { signal }),
  staleTime: 60_000,
});

/** Changes when I am told, at once, and puts it back when that fails. */
export function useEditRhythm() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Rhythm) => api.put<Rhythm>('/me/notification-rhythm', { body }),
    onMutate: async (next) => {
      await queries.cancelQueries({ queryKey: settingKeys.rhythm });
      const before = queries.getQueryData<Rhythm>(settingKeys.rhythm);
      queries.setQueryData<Rhythm>(settingKeys.rhythm, next);
      return before;
    },
    onSuccess: (rhythm) => queries.setQueryData(settingKeys.rhythm, rhythm),
    onError: (_error, _next, before) => queries.setQueryData(settingKeys.rhythm, before),
  });
}

/** Marks some as read, or all that are shown; the answer is how many are left. */
export function useMarkRead() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Sent<'/notifications/read'>) => api.post<NotificationCount>('/notifications/read', { body }),
    onSuccess: (count) => {
      queries.setQueryData<NotificationCount>(notificationKeys.count, count);
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
      await queries.cancelQueries({ queryKey: settingKeys.settings });
      const before = queries.getQueryData<Settings>(settingKeys.settings);
      if (before) {
        const items = (before.items ?? []).map((one) => ({ ...one, ...(change ?? []).find(({ kind }) => kind === one.kind) }));
        queries.setQueryData<Settings>(settingKeys.settings, { ...before, items });
      }
      return before;
    },
    onSuccess: (settings) => queries.setQueryData(settingKeys.settings, settings),
    onError: (_error, _change, before) => queries.setQueryData(settingKeys.settings, before),
  });
}
