import { useEffect, useRef } from 'react';
import { watchPresence } from '@/api/presence';
import { realtime } from '@/api/realtime';
import type { Id } from '@/api/types';

const typingEnds = 4_000;

/** Tells colleagues that I am here, or writing. Answers what to call with each key stroke. */
export function useMyPresence(id: Id): () => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const typing = useRef(false);
  useEffect(() => {
    const rest = () => realtime.setPresence(id, document.visibilityState === 'visible' ? 'viewing' : 'background');
    watchPresence('thread', [id]);
    rest();
    document.addEventListener('visibilitychange', rest);
    return () => {
      clearTimeout(timer.current);
      typing.current = false;
      document.removeEventListener('visibilitychange', rest);
      realtime.setPresence(id, 'left');
      watchPresence('thread', []);
    };
  }, [id]);
  return () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      typing.current = false;
      realtime.setPresence(id, 'viewing');
    }, typingEnds);
    if (typing.current) return;
    typing.current = true;
    realtime.setPresence(id, 'typing');
  };
}
