import { expect, test } from 'vitest';
import tr from '../../../locales/tr.json';
import trSettings from '../../../locales/tr.json?settings';
import { showCatalog, t } from '@/lib/i18n';
import { findSettings } from './places';

const pages = (query: string, may = true) => findSettings(query, () => may, t).map(({ key }) => key);

test('a setting is found by its words', () => {
  expect(pages('footer')).toEqual(['inboxes.footer']);
  expect(pages('signa')).toEqual(expect.arrayContaining(['profile.signature', 'inboxes.signature']));
  expect(pages('zzz')).toEqual([]);
});

test('in the language of whoever reads', () => {
  showCatalog('tr', { ...tr, ...trSettings });
  expect(pages('PAROLA')).toContain('profile.password');
  expect(pages('password')).toEqual([]);
});

test('what the role can never open is not found', () => {
  expect(pages('footer', false)).toEqual([]);
  expect(pages('password', false)).toEqual(['profile.password']);
});
