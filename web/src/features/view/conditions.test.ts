import { expect, test } from 'vitest';
import { conditionsOf } from './conditions';

test('a list is saved as what it shows, for whoever looks', () => {
  expect(conditionsOf({ kind: 'system', id: 'mine' }, { tag: 'vip', priority: 'high' }, [{ id: 7, name: 'vip', color: 'red' }])).toEqual({
    all: [
      { field: 'status', op: 'is', values: ['open'] }, { field: 'assignee', op: 'is', values: ['me'] },
      { field: 'priority', op: 'is', values: ['high'] }, { field: 'tag', op: 'is', values: ['7'] },
    ],
  });
  expect(conditionsOf({ kind: 'inbox', inboxId: 2 }, { status: 'all', assignee: 'none' }, [])).toEqual({
    all: [
      { field: 'status', op: 'is', values: ['open', 'pending', 'snoozed'] }, { field: 'assignee', op: 'is', values: ['none'] },
      { field: 'inbox', op: 'is', values: ['2'] },
    ],
  });
  expect(conditionsOf({ kind: 'system', id: 'all' }, { without: 'tag', field: 'reason:late: twice' }, [])).toEqual({
    all: [{ field: 'tag', op: 'not_set' }, { field: 'field.reason', op: 'is', values: ['late: twice'] }],
  });
  expect(conditionsOf({ kind: 'system', id: 'all' }, { without: 'team', field: 'reason:' }, [])).toEqual({
    all: [{ field: 'team', op: 'is', values: ['none'] }, { field: 'field.reason', op: 'not_set' }],
  });
});
