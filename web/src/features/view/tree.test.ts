import { expect, test } from 'vitest';
import type { Condition } from '@/api/views';
import { conditionOf, count, isGroup, newGroup, newTest, replaced, tests, treeOf, unfinished, withOp, type Test } from './tree';

const nested: Condition = {
  all: [
    { field: 'status', op: 'is', values: ['open'] },
    { any: [{ field: 'assignee', op: 'is', values: ['me', 'none'] }, { field: 'last_activity', op: 'longer_than', values: ['3d'] }] },
  ],
};

test('what was saved is edited and saved again as it was', () => {
  expect(conditionOf(treeOf(nested))).toEqual(nested);
  expect(conditionOf(treeOf({ field: 'tag', op: 'is_not', values: ['7'] }))).toEqual({ all: [{ field: 'tag', op: 'is_not', values: ['7'] }] });
  expect(conditionOf(treeOf({}))).toEqual({ all: [] });
});

test('a part is changed where it stands, and taken out', () => {
  const tree = treeOf(nested);
  const group = tree.parts[1]!;
  const inner = isGroup(group) ? group.parts[1]! : group;
  const changed = replaced(tree, inner.key, (part) => ({ ...(part as Test), values: ['2w'] }));
  expect(conditionOf(changed).all![1]).toEqual({ any: [{ field: 'assignee', op: 'is', values: ['me', 'none'] }, { field: 'last_activity', op: 'longer_than', values: ['2w'] }] });
  expect(conditionOf(replaced(tree, group.key, () => null)).all).toHaveLength(1);
  expect(replaced(tree, tree.key, () => null)).toBe(tree);
});

test('a group without anything in it is not saved', () => {
  const tree = treeOf(nested);
  const empty = replaced(tree, tree.key, (part) => ({ ...(part as typeof tree), parts: [...tree.parts, { ...newGroup(false), parts: [] }] }));
  expect(conditionOf(empty)).toEqual(nested);
});

test('a test that does not say what for is named', () => {
  const tree = treeOf({ any: [{ field: 'status', op: 'is', values: [] }, { field: 'due', op: 'not_set' }, { field: 'subject', op: 'contains', values: [' '] }] });
  expect(unfinished(tree)).toEqual([tree.parts[0]!.key, tree.parts[2]!.key]);
  expect(count(tree)).toBe(4);
  expect(tests(tree)).toBe(3);
});

test('one of the shop’s own fields is tested as its kind allows', () => {
  expect(newTest('field.amount', 'own_number')).toMatchObject({ field: 'field.amount', op: 'at_least', values: [] });
  expect(withOp(newTest('field.promised', 'own_date'), 'before').values).toEqual([]);
  expect(withOp({ ...newTest('field.reason', 'own_choice'), values: ['Late'] }, 'is_not').values).toEqual(['Late']);
});

test('a span and a day are not each other', () => {
  const span = newTest('created');
  expect(span.values).toEqual(['3d']);
  expect(withOp(span, 'longer_than').values).toEqual(['3d']);
  expect(withOp(span, 'before').values).toEqual([]);
  expect(withOp(withOp(span, 'set'), 'within').values).toEqual(['3d']);
  expect(withOp({ ...span, op: 'after', values: ['2026-11-27'] }, 'before').values).toEqual(['2026-11-27']);
});
