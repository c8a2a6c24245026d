import { createStore, useStore } from '@/lib/store';
import { realtime, type PresenceState, type Realtime } from './realtime';
import type { Id } from './types';

/** A colleague at a conversation. */
export interface Someone {
  id: Id;
  name: string;
  state: Exclude<PresenceState, 'left'>;
}

type Present = ReadonlyMap<Id, readonly Someone[]>;

const present = createStore<Present>(new Map());
const nobody: readonly Someone[] = [];

/** Keeps who is where, as the socket tells it. Answers how to stop. */
export function followPresence(socket: Realtime): () => void {
  const stops = [
    socket.on('presence', ({ data }) => {
      const id = Number(data.conversation_id);
      const agents = (data.agents ?? []) as Someone[];
      present.set((now) => {
        if (!agents.length && !now.has(id)) return now;
        const next = new Map(now);
        if (agents.length) next.set(id, agents);
        else next.delete(id);
        return next;
      });
    }),
    // After a break nothing is known; the server tells it again for what is watched.
    socket.status.subscribe(() => {
      if (!socket.status.get().live && present.get().size) present.set(new Map());
    }),
  ];
  return () => stops.forEach((stop) => stop());
}

/** The colleagues who have this conversation before them, whoever types first. */
export function usePresent(id: Id): readonly Someone[] {
  return useStore(present, (now) => now.get(id) ?? nobody);
}

const watched: Record<'rows' | 'thread', readonly Id[]> = { rows: [], thread: [] };
let timer: ReturnType<typeof setTimeout> | undefined;

/** Says which conversations this part of the page shows. */
export function watchPresence(part: 'rows' | 'thread', ids: readonly Id[]): void {
  watched[part] = ids;
  timer ??= setTimeout(() => {
    timer = undefined;
    realtime.watch([...new Set([...watched.thread, ...watched.rows])].slice(0, 100));
  }, 200);
}
