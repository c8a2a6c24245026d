import type { Condition } from '@/api/views';

/** What a view can test, and with which words. The server has the same list. */
export const fields = {
  status: 'choice', priority: 'choice', channel: 'choice', inbox: 'choice', team: 'choice', assignee: 'choice', tag: 'several',
  subject: 'text', last_activity: 'moment', created: 'moment', waiting_since: 'moment', due: 'moment',
} as const satisfies Record<string, 'choice' | 'several' | 'text' | 'moment'>;

/** One of the shop's own fields: its key behind a point. */
export type OwnField = `field.${string}`;
export type FieldName = keyof typeof fields | OwnField;
export type TestKind = keyof typeof opsOf;

export const isOwn = (field: FieldName): field is OwnField => field.startsWith('field.');

export const opsOf = {
  choice: ['is', 'is_not'],
  several: ['is', 'is_not', 'set', 'not_set'],
  text: ['contains'],
  moment: ['within', 'longer_than', 'after', 'before', 'set', 'not_set'],
  own_text: ['contains', 'set', 'not_set'],
  own_number: ['at_least', 'at_most', 'set', 'not_set'],
  own_choice: ['is', 'is_not', 'set', 'not_set'],
  own_date: ['within', 'longer_than', 'after', 'before', 'set', 'not_set'],
} as const;

export type Op = (typeof opsOf)[keyof typeof opsOf][number];

export interface Test {
  key: number;
  field: FieldName;
  op: Op;
  values: readonly string[];
}

export interface Group {
  key: number;
  /** All must hold, otherwise any. */
  all: boolean;
  parts: readonly Part[];
}

export type Part = Test | Group;

/** How deep groups may lie in groups, as the server allows. */
export const deepest = 4;
export const most = 50;

export const isGroup = (part: Part): part is Group => 'parts' in part;

let nextKey = 1;
export const newKey = () => nextKey++;

export function newTest(field: FieldName = 'status', kind: TestKind = isOwn(field) ? 'own_text' : fields[field]): Test {
  const op = opsOf[kind][0];
  return { key: newKey(), field, op, values: op === 'within' ? ['3d'] : [] };
}

export const newGroup = (all: boolean): Group => ({ key: newKey(), all, parts: [newTest()] });

/** The conditions of a view as a tree to edit. A single test becomes a group with that test. */
export function treeOf(condition: Condition): Group {
  const part = partOf(condition);
  return isGroup(part) ? part : { key: newKey(), all: true, parts: [part] };
}

function partOf({ field, op, values, all, any }: Condition): Part {
  if (field) return { key: newKey(), field: field as FieldName, op: (op ?? 'is') as Op, values: values ?? [] };
  return { key: newKey(), all: !any?.length, parts: ((any?.length ? any : all) ?? []).map((one) => partOf(one as Condition)) };
}

/** The tree as the server keeps it; groups without anything in them are left out. */
export function conditionOf(group: Group): Condition {
  const parts = group.parts.filter((part) => !isGroup(part) || part.parts.length > 0)
    .map((part): Condition => (isGroup(part) ? conditionOf(part) : { field: part.field, op: part.op, values: [...part.values] }));
  return group.all ? { all: parts } : { any: parts };
}

/** The same tree with one part changed; null takes it out. */
export function replaced(group: Group, key: number, change: (part: Part) => Part | null): Group {
  if (group.key === key) return (change(group) as Group | null) ?? group;
  return {
    ...group,
    parts: group.parts.flatMap((part): Part[] => {
      if (part.key === key) return [change(part)].filter((one) => one !== null);
      return [isGroup(part) ? replaced(part, key, change) : part];
    }),
  };
}

export function count(part: Part): number {
  return isGroup(part) ? part.parts.reduce((sum, one) => sum + count(one), 1) : 1;
}

/** How many tests there are, without the groups. */
export function tests(part: Part): number {
  return isGroup(part) ? part.parts.reduce((sum, one) => sum + tests(one), 0) : 1;
}

const needsNone = new Set<Op>(['set', 'not_set']);

/** Whether a test says what it tests for. */
export function isWhole({ op, values }: Test): boolean {
  return needsNone.has(op) || (values.length > 0 && values.every((value) => value.trim() !== ''));
}

/** The keys of the tests that do not say what they test for. */
export function unfinished(part: Part): number[] {
  if (!isGroup(part)) return isWhole(part) ? [] : [part.key];
  return part.parts.flatMap(unfinished);
}

const isSpan = (op: Op) => op === 'within' || op === 'longer_than';

/** The values that still make sense when a test is about another field, or tests in another way. */
export function withOp(test: Test, op: Op): Test {
  if (needsNone.has(op)) return { ...test, op, values: [] };
  if (isSpan(op) !== isSpan(test.op) || needsNone.has(test.op)) return { ...test, op, values: isSpan(op) ? ['3d'] : [] };
  return { ...test, op };
}
