import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '@/api/client';
import { patchCached } from '@/api/conversations';
import { directoryKeys } from '@/api/directory';
import { type NotificationCount, notificationCountQuery, notificationKeys } from '@/api/notifications';
import type { Id } from '@/api/types';
import { isKeptUnread, keepUnread } from './readState';

const glance = 500;

/** Runs something once the page has been before somebody's eyes for a moment; returns what calls it off. */
function afterGlance(run: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const start = () => {
    clearTimeout(timer);
    if (document.visibilityState === 'visible') timer = setTimeout(run, glance);
  };
  start();
  document.addEventListener('visibilitychange', start);
  return () => {
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', start);
  };
}

/** Marks a conversation as read once its newest message has been seen, and what the bell tells of it. */
export function useRead(id: Id, unread: boolean, last: Id | undefined, inSight: boolean): void {
  const queries = useQueryClient();
  const { data: told = 0 } = useQuery({ ...notificationCountQuery, select: (count) => count.unread });
  useEffect(() => {
    if (!unread || last === undefined || !inSight) return;
    return afterGlance(() => {
      if (isKeptUnread(id)) return;
      patchCached(queries, id, { unread: false });
      api.post(`/conversations/${id}/read`, { body: { message_id: last } })
        .then(() => queries.invalidateQueries({ queryKey: directoryKeys.counts }))
        .catch(() => patchCached(queries, id, { unread: true }));
    });
  }, [queries, id, unread, last, inSight]);
  // What was told without anything new to read, such as a reply that was stopped.
  useEffect(() => {
    if (unread || told === 0) return;
    return afterGlance(() => {
      if (isKeptUnread(id)) return;
      api.post<NotificationCount>('/notifications/read', { body: { conversation_id: id } }).then((count) => {
        if (count.unread === told) return;
        queries.setQueryData<NotificationCount>(notificationKeys.count, count);
        void queries.invalidateQueries({ queryKey: notificationKeys.list });
      }, () => undefined); // the bell tells it until it is pressed
    });
  }, [queries, id, unread, told]);
  useEffect(() => () => keepUnread(id, false), [id]);
}
