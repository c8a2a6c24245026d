import type { Id } from '@/api/types';

// What somebody marked as unread stays so until they leave it, although it is on screen.
const kept = new Set<Id>();

export function keepUnread(id: Id, keep: boolean): void {
  if (keep) kept.add(id);
  else kept.delete(id);
}

export function isKeptUnread(id: Id): boolean {
  return kept.has(id);
}
