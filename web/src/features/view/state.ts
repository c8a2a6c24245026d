import type { ListFilter } from '@/api/conversations';
import type { ConversationItem, Id } from '@/api/types';
import { createStore, useStore } from '@/lib/store';
import type { Row } from './rows';

/** The row that the keys stand on. A store of its own: a step renders two rows and nothing else. */
export const cursor = createStore<Id | undefined>(undefined);

/** The rows on screen, in their order, for whoever needs the next one. */
export const shownNow = createStore<readonly Row[]>([]);

/** What is ticked. The items are kept: a ticked row may leave the list. */
export const ticked = createStore<ReadonlyMap<Id, ConversationItem>>(new Map());

/** Everything in this list is meant, also what is not loaded: what the list was asked for. */
export const whole = createStore<ListFilter | undefined>(undefined);

/** Why some of them could not be changed, in the server's words. */
export const failures = createStore<ReadonlyMap<Id, string>>(new Map());

let anchor: Id | undefined;

export function useIsCursor(id: Id): boolean {
  return useStore(cursor, (now) => now === id);
}

export function useIsTicked(id: Id): boolean {
  return useStore(ticked, (now) => now.has(id));
}

export function toggleTick(item: ConversationItem): void {
  whole.set(undefined);
  anchor = item.id;
  ticked.set((now) => {
    const next = new Map(now);
    if (!next.delete(item.id)) next.set(item.id, item);
    return next;
  });
}

/** Ticks everything from the last tick to this row. */
export function tickRange(to: Id): void {
  const rows = shownNow.get();
  const end = rows.findIndex((row) => row.item.id === to);
  const start = rows.findIndex((row) => row.item.id === anchor);
  if (end < 0) return;
  const part = start < 0 ? [rows[end]!] : rows.slice(Math.min(start, end), Math.max(start, end) + 1);
  anchor = to;
  ticked.set((now) => new Map([...now, ...part.map(({ item }): [Id, ConversationItem] => [item.id, item])]));
}

export function tickAll(): void {
  ticked.set(new Map(shownNow.get().filter((row) => !row.gone).map(({ item }) => [item.id, item])));
}

/** Keeps only these ticked: the ones that failed, or none. more are those of them that were not ticked by themselves. */
export function keepTicked(ids: readonly Id[] = [], more: readonly ConversationItem[] = []): void {
  whole.set(undefined);
  ticked.set((now) => {
    const known = new Map([...now, ...more.map((item): [Id, ConversationItem] => [item.id, item])]);
    return new Map(ids.flatMap((id): [Id, ConversationItem][] => (known.has(id) ? [[id, known.get(id)!]] : [])));
  });
  if (!ids.length) failures.set(new Map());
}
