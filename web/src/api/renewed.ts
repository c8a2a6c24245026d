import type { QueryClient } from '@tanstack/react-query';
import { conversationKeys, renewConversation } from './conversations';
import type { Realtime } from './realtime';
import type { Conversation, Id } from './types';

const types = [
  'conversation.created', 'conversation.updated', 'conversation.read', 'message.received', 'message.queued', 'message.sent_elsewhere',
  'message.undone', 'message.delivery_changed', 'note.added', 'draft.changed', 'draft.shared',
  'side_conversation.message_received', 'side_conversation.message_queued', 'side_conversation.message_undone', 'side_conversation.changed',
] as const;

// What one change says in several events comes together; while much happens, questions are further apart.
const gather = 30;
const pause = 250;
/** Of more than this at once a list asks its first page instead of each conversation. */
const most = 20;

export type Renewal = { kind: 'one'; conversation: Conversation } | { kind: 'many' };

const listeners = new Set<(renewal: Renewal) => void>();

/** Calls back with each conversation that changed, as it is now. Answers how to stop. */
export function onRenewed(listener: (renewal: Renewal) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Follows the socket: what happened to a conversation is asked once and told to lists and threads alike. */
export function followRenewals(realtime: Realtime, queries: QueryClient): () => void {
  const waiting = new Set<Id>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = -pause;

  async function renew(id: Id) {
    const conversation = await renewConversation(queries, id);
    if (conversation) for (const listener of [...listeners]) listener({ kind: 'one', conversation });
  }

  function flush() {
    timer = undefined;
    asked = performance.now();
    const ids = [...waiting];
    waiting.clear();
    if (ids.length <= most) return ids.forEach((id) => void renew(id));
    for (const listener of [...listeners]) listener({ kind: 'many' });
  }

  const stops = types.map((type) =>
    realtime.on(type, ({ data }) => {
      const id = Number(data.conversation_id);
      if (!id) return;
      if (type !== 'conversation.read' && type !== 'draft.changed') {
        void queries.invalidateQueries({ queryKey: conversationKeys.messages(id) });
        void queries.invalidateQueries({ queryKey: conversationKeys.participants(id) });
        void queries.invalidateQueries({ queryKey: conversationKeys.sides(id) });
      }
      waiting.add(id);
      timer ??= setTimeout(flush, Math.max(gather, asked + pause - performance.now()));
    }),
  );
  // The stream begins with the first greeting. What was asked while the page was loading may be older, and nothing
  // would ever tell; a later greeting is followed by all that was missed.
  let begun = false;
  stops.push(realtime.on('hello', () => {
    if (begun) return;
    begun = true;
    void queries.invalidateQueries({ queryKey: conversationKeys.each });
    for (const listener of [...listeners]) listener({ kind: 'many' });
  }));
  return () => {
    clearTimeout(timer);
    stops.forEach((stop) => stop());
  };
}
