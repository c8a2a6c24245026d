import type { QueryClient } from '@tanstack/react-query';
import { followPresence } from '@/api/presence';
import type { Realtime } from '@/api/realtime';
import { followRenewals } from '@/api/renewed';

/** Renews what the cache holds of a conversation when something happened to it, and keeps who looks at it. */
export function followConversations(realtime: Realtime, queries: QueryClient): () => void {
  const stops = [followRenewals(realtime, queries), followPresence(realtime)];
  return () => stops.forEach((stop) => stop());
}
