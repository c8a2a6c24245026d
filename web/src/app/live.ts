import type { QueryClient } from '@tanstack/react-query';
import { directoryKeys } from '@/api/directory';
import type { Realtime } from '@/api/realtime';
import { followConversations } from '@/features/conversation/live';

const countsPause = 1000;

/** Joins the socket to the query cache: what happened elsewhere renews what is shown here. */
export function followLive(realtime: Realtime, queries: QueryClient): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  // Many events in one second are one question.
  const renewCounts = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      void queries.invalidateQueries({ queryKey: directoryKeys.counts });
    }, countsPause);
  };
  const stops = [
    realtime.on('reset', () => void queries.invalidateQueries()),
    realtime.on('hello', renewCounts),
    // A reply assigns and a note mentions: whatever the feed tells may move a number.
    realtime.on('*', (frame) => frame.id && renewCounts()),
    realtime.on('inbox.updated', () => void Promise.all([queries.invalidateQueries({ queryKey: directoryKeys.inboxes }), queries.invalidateQueries({ queryKey: directoryKeys.health })])),
    // Whoever was signed out is sent to the door, whoever lacks a second step to its page: who I am says which.
    realtime.on('signed_out', () => void queries.invalidateQueries({ queryKey: directoryKeys.me, exact: true })),
    realtime.on('task.changed', () => void queries.invalidateQueries({ queryKey: ['tasks'] })),
    realtime.on('customer.updated', () => void queries.invalidateQueries({ queryKey: ['customers'] })),
    followConversations(realtime, queries),
  ];
  return () => {
    clearTimeout(timer);
    for (const stop of stops) stop();
  };
}
