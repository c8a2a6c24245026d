import { describe, expect, test } from 'vitest';
import type { ListData } from '@/api/conversations';
import type { ConversationItem } from '@/api/types';
import { chosenOf, moved } from './columns';
import { apart, goneWord, isNarrowed, listFilter, matches } from './match';
import { flatten, leaving, neighbour, nextUnread, shownRows } from './rows';
import { partInSight } from './useWindow';

const me = 1;
const filter = listFilter({ kind: 'system', id: 'mine' }, {});

function item(id: number, more: Partial<ConversationItem> = {}): ConversationItem {
  return {
    id, number: id, subject: `S${id}`, preview: '', status: 'open', channel: 'email', inbox_id: 1, brand_id: 1,
    customer: { id, name: `C${id}`, email: '' }, assignee_id: me, assignee: { id: me, name: 'Ada' }, team_id: null, tags: [], priority: 'normal',
    unread: false, draft: false, last_message_id: 1, last_activity_at: '', waiting_since: null, due_at: null, snooze_again: null, version: 1, ...more,
  } as ConversationItem;
}

const rowsOf = (...items: ConversationItem[]) => shownRows(items, filter, me, new Set());

describe('filters of the address', () => {
  const all = { kind: 'system', id: 'all' } as const;
  const here = (one: ConversationItem, search: Parameters<typeof listFilter>[1]) => matches(one, listFilter(all, search), me);

  test('what has no team or tag is found by that', () => {
    expect(here(item(1), { without: 'team' })).toBe(true);
    expect(here(item(1, { team_id: 4 }), { without: 'team' })).toBe(false);
    expect(here(item(1, { tags: [{ id: 1, name: 'vip', color: 'red' }] }), { without: 'tag' })).toBe(false);
  });

  test('one of the shop’s own fields is asked for with the rows, and may hold a colon', () => {
    const search = { field: 'reason:late: twice' };
    expect(listFilter(all, search, ['amount'])).toMatchObject({ field: 'reason:late: twice', fields: 'amount,reason' });
    expect(here(item(1, { custom_fields: { reason: 'late: twice' } }), search)).toBe(true);
    expect(here(item(1, { custom_fields: { reason: 'late' } }), search)).toBe(false);
    expect(here(item(1), { field: 'reason:' })).toBe(true);
  });

  test('what a tab chooses is no filter beside it', () => {
    expect(apart({ team: '4', tag: 'vip' }, 'team')).toEqual({ tag: 'vip' });
    expect(isNarrowed(apart({ without: 'tag' }, 'tag'))).toBe(false);
    expect(isNarrowed(apart({ without: 'tag' }, 'team'))).toBe(true);
    expect(isNarrowed(apart({ field: 'reason:late' }, 'field.reason'))).toBe(false);
  });
});

describe('columns', () => {
  test('one that is moved makes room for itself, and never leaves the table', () => {
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
    expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
    expect(moved(['a', 'b'], 1, 2)).toEqual(['a', 'b']);
    expect(moved(['a', 'b'], -1, 0)).toEqual(['a', 'b']);
  });

  test('what is there no more is left out, in the order that was chosen', () => {
    const all = [{ name: 'subject', label: 'Subject' }, { name: 'due', label: 'Due' }] as const;
    expect(chosenOf(all, ['due', 'field.gone', 'subject']).map((one) => one.name)).toEqual(['due', 'subject']);
    expect(chosenOf(undefined, ['due'])).toEqual([]);
  });
});

describe('rows', () => {
  test('a conversation that moved between two pages stands once, at its first place', () => {
    const data = { pages: [{ items: [item(1), item(2)], next: 'c' }, { items: [item(2), item(3)], next: '' }], pageParams: ['', 'c'] } as ListData;
    expect(flatten(data).map(({ id }) => id)).toEqual([1, 2, 3]);
  });

  test('a row that left the view stays where it stood until the next navigation', () => {
    const rows = rowsOf(item(1), item(2, { status: 'closed' }), item(3));
    expect(rows.map((row) => row.gone)).toEqual([false, true, false]);
    const left = leaving(rows, 3);
    expect([...left]).toEqual([2]);
    expect(shownRows([item(1), item(2, { status: 'closed' }), item(3)], filter, me, left).map((row) => row.item.id)).toEqual([1, 3]);
  });

  test('a row comes back to its place when the change is undone', () => {
    expect(shownRows([item(1), item(2), item(3)], filter, me, new Set([2])).map((row) => row.item.id)).toEqual([1, 2, 3]);
  });

  test('the row that is opened does not leave although it does not belong here', () => {
    expect(leaving(rowsOf(item(1, { status: 'closed' })), 1).size).toBe(0);
  });

  test('keys pass over what is gone and stop at the ends', () => {
    const rows = rowsOf(item(1), item(2, { status: 'closed' }), item(3));
    expect(neighbour(rows, 1, 1)?.id).toBe(3);
    expect(neighbour(rows, 3, 1)).toBeUndefined();
    expect(neighbour(rows, 3, 1, true)?.id).toBe(1);
    expect(neighbour(rows, undefined, 1)?.id).toBe(1);
  });

  test('the next unread is looked for from the top again', () => {
    expect(nextUnread(rowsOf(item(1, { unread: true }), item(2), item(3)), 2)?.id).toBe(1);
  });

  test('only rows in sight are made, with a few to spare', () => {
    expect(partInSight(7600, 760, 76, 1000)).toEqual({ from: 94, to: 116 });
    expect(partInSight(0, 760, 76, 3)).toEqual({ from: 0, to: 3 });
  });
});

describe('belonging to a view', () => {
  test('filters of the address narrow the view', () => {
    const narrowed = listFilter({ kind: 'team', teamId: 4 }, { status: 'all', tag: 'mug', priority: 'high' });
    expect(narrowed).toEqual({ team_id: 4, status: 'open,pending,snoozed', tag: 'mug', priority: 'high', sort: 'newest' });
    const fits = item(1, { team_id: 4, status: 'snoozed', priority: 'high', tags: [{ id: 1, name: 'mug', color: 'red' }] as ConversationItem['tags'] });
    expect(matches(fits, narrowed, me)).toBe(true);
    expect(matches({ ...fits, tags: [] }, narrowed, me)).toBe(false);
    expect(matches({ ...fits, status: 'closed' }, narrowed, me)).toBe(false);
  });

  test('unassigned holds what nobody has', () => {
    const unassigned = listFilter({ kind: 'system', id: 'unassigned' }, {});
    expect(matches(item(1, { assignee_id: null, assignee: null }), unassigned, me)).toBe(true);
    expect(matches(item(1), unassigned, me)).toBe(false);
    expect(goneWord(item(1), unassigned)).toEqual({ key: 'row.assigned_to', name: 'Ada' });
  });

  test('a gone row says why in a word', () => {
    expect(goneWord(item(1, { status: 'closed' }), filter).key).toBe('status.closed');
    expect(goneWord(item(1, { assignee_id: null, assignee: null }), filter).key).toBe('row.unassigned');
  });
});
