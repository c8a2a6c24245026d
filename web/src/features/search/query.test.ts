import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse, queryText, tailOf } from './query';

const table = JSON.parse(readFileSync(`${import.meta.dirname}/../../../../internal/search/testdata/queries.json`, 'utf8')) as Record<string, string>;

test.each(Object.entries(table))('%s is taken apart as the server does', (typed, want) => {
  const { terms, words } = parse(typed);
  expect(terms.map(({ op, value, not }) => `[${not ? '-' : ''}${op}|${value}]`).join('') + words.split(/\s+/u).filter(Boolean).join(' ')).toBe(want);
});

test.each(Object.keys(table))('%s says the same after it was written anew', (typed) => {
  const once = parse(typed);
  const again = parse(queryText(once));
  expect(again.terms).toEqual(once.terms);
});

test('an operator becomes one when it has ended', () => {
  expect(parse('tag:vi', true)).toEqual({ terms: [], words: 'tag:vi' });
  expect(parse('tag:vip ', true).terms).toHaveLength(1);
  expect(parse('tag:"black fri', true).terms).toHaveLength(0);
  expect(parse('tag:"black friday"', true).terms).toHaveLength(1);
});

test('the word that is being typed is known', () => {
  expect(tailOf('lamp -tag:bl')).toEqual({ text: '-tag:bl', op: 'tag', value: 'bl', not: true });
  expect(tailOf('lamp is：')).toMatchObject({ op: 'is', value: '' });
  expect(tailOf('lamp fr')).toEqual({ text: 'fr', value: 'fr', not: false });
  expect(tailOf('lamp ').text).toBe('');
  expect(tailOf('assignee:"Anna L')).toMatchObject({ op: 'assignee', value: 'Anna L' });
});
