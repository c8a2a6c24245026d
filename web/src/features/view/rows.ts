import type { ListData, ListFilter } from '@/api/conversations';
import type { ConversationItem, Id } from '@/api/types';
import { matches } from './match';

/** A row on screen. A gone one does not belong to the view any more and leaves at the next navigation. */
export interface Row {
  item: ConversationItem;
  gone: boolean;
}

/** The pages as one list; a conversation that moved between two questions stands once. */
export function flatten(data: ListData | undefined): ConversationItem[] {
  const seen = new Set<Id>();
  const items: ConversationItem[] = [];
  for (const page of data?.pages ?? []) {
    for (const item of page.items) {
      if (seen.has(item.id)) continue;
      seen.add(item.id);
      items.push(item);
    }
  }
  return items;
}

/** Rows of one filter that were judged before: of ten thousand a change touches one. */
export type KnownRows = WeakMap<ConversationItem, Row>;

/** What is shown: everything that belongs here, and what stopped to since the last navigation, where it stood. */
export function shownRows(items: readonly ConversationItem[], filter: ListFilter, me: Id, left: ReadonlySet<Id>, known: KnownRows = new WeakMap()): Row[] {
  const rows: Row[] = [];
  for (const item of items) {
    let row = known.get(item);
    if (!row) known.set(item, (row = { item, gone: !matches(item, filter, me) }));
    if (!row.gone || !left.has(item.id)) rows.push(row);
  }
  return rows;
}

/** The rows that leave now: all gone ones but the one that was just opened. */
export function leaving(rows: readonly Row[], opened: Id | undefined): Set<Id> {
  return new Set(rows.filter((row) => row.gone && row.item.id !== opened).map((row) => row.item.id));
}

/** The row to go to from one: the nearest that belongs here, in the direction given, else in the other. */
export function neighbour(rows: readonly Row[], from: Id | undefined, step: 1 | -1, turn = false): ConversationItem | undefined {
  const at = rows.findIndex((row) => row.item.id === from);
  if (at < 0) return (step > 0 ? rows.find((row) => !row.gone) : rows.findLast((row) => !row.gone))?.item;
  const look = (way: 1 | -1) => {
    for (let index = at + way; index >= 0 && index < rows.length; index += way) {
      if (!rows[index]!.gone) return rows[index]!.item;
    }
    return undefined;
  };
  return look(step) ?? (turn ? look(step > 0 ? -1 : 1) : undefined);
}

/** The next unread one after a row, from the top again when there is none below. */
export function nextUnread(rows: readonly Row[], from: Id | undefined): ConversationItem | undefined {
  const at = rows.findIndex((row) => row.item.id === from);
  const order = [...rows.slice(at + 1), ...rows.slice(0, Math.max(at, 0))];
  return order.find((row) => row.item.unread && !row.gone)?.item;
}
