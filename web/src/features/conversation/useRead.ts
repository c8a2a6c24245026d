import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { api } from '@/api/client';
import { patchCached } from '@/api/conversations';
import { directoryKeys } from '@/api/directory';
import type { Id } from '@/api/types';
import { isKeptUnread, keepUnread } from './readState';

const glance = 500;

/** Marks a conversation as read once its newest message has been before somebody's eyes for a moment. */
export function useRead(id: Id, unread: boolean, last: Id | undefined, inSight: boolean): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (!unread || last === undefined || !inSight) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const mark = () => {
      if (document.visibilityState !== 'visible' || isKeptUnread(id)) return;
      patchCached(queries, id, { unread: false });
      api.post(`/conversations/${id}/read`, { body: { message_id: last } })
        .then(() => queries.invalidateQueries({ queryKey: directoryKeys.counts }))
        .catch(() => patchCached(queries, id, { unread: true }));
    };
    const start = () => {
      clearTimeout(timer);
      if (document.visibilityState === 'visible') timer = setTimeout(mark, glance);
    };
    start();
    document.addEventListener('visibilitychange', start);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', start);
    };
  }, [queries, id, unread, last, inSight]);
  useEffect(() => () => keepUnread(id, false), [id]);
}
