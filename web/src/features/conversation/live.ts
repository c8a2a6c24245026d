import type { QueryClient } from '@tanstack/react-query';
import type { Realtime } from '@/api/realtime';
import { conversationKeys } from './queries';

const types = [
  'conversation.created', 'conversation.updated', 'conversation.read', 'message.received', 'message.sent',
  'message.delivery_changed', 'note.added', 'draft.changed',
] as const;

/** Renews what the cache holds of a conversation when something happened to it. */
export function followConversations(realtime: Realtime, queries: QueryClient): () => void {
  const stops = types.map((type) =>
    realtime.on(type, (frame) => {
      const id = Number(frame.data.conversation_id);
      void queries.invalidateQueries({ queryKey: conversationKeys.lists });
      if (id) void queries.invalidateQueries({ queryKey: conversationKeys.one(id) });
    }),
  );
  return () => stops.forEach((stop) => stop());
}
