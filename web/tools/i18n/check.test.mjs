import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { check, usedKeys } from './check.mjs';

const en = { 'a.count': '{n, plural, one {# day} other {# days}} for {name}' };

test('the catalogs of this product are complete', () => {
  const folder = join(import.meta.dirname, '../../locales');
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const catalogs = Object.fromEntries(files.map((name) => [name.slice(0, -5), JSON.parse(readFileSync(join(folder, name), 'utf8'))]));
  expect(check(catalogs)).toEqual([]);
});

test('complete catalogs have no faults', () => {
  const uk = { 'a.count': '{n, plural, one {# день} few {# дні} many {# днів} other {# дня}} для {name}' };
  const ja = { 'a.count': '{name}に{n, plural, other {#日}}' };
  expect(check({ en, uk, ja })).toEqual([]);
});

test('missing keys, arguments and categories are named', () => {
  const faults = check({
    en, tr: {}, uk: { 'a.count': '{n, plural, one {# день} other {# дня}} для {name}' }, ja: { 'a.count': '{n, plural, other {#日}}' },
  });
  expect(faults).toEqual([
    'tr: a.count is missing',
    'uk: a.count: plural of n lacks “many”',
    'uk: a.count: plural of n lacks “few”',
    'ja: a.count has arguments n (plural), English has n (plural), name (plain)',
  ]);
});

test('a category that a language does not have is a fault', () => {
  expect(check({ en, ja: { 'a.count': '{name} {n, plural, one {#} other {#}}' } })).toEqual([
    'ja: a.count: plural of n has “one”, which ja does not know',
  ]);
});

test('a broken message is a fault and not a crash', () => {
  expect(check({ en: { 'a.b': 'x {name' } })[0]).toMatch(/a\.b/);
});

test('keys that nobody asks for are found', () => {
  expect(usedKeys(['view.mine', 'ui.gone'], 't(`view.${id}`)')).toEqual(['en: ui.gone is used nowhere']);
});
