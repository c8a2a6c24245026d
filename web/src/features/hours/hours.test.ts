import { beforeAll, expect, test } from 'vitest';
import en from '../../../locales/en.json';
import settings from '../../../locales/en.json?settings';
import { showCatalog, t } from '@/lib/i18n';
import { alike, another, bodyFrom, shownEnd, suggested, typedEnd, valuesOf } from './values';
import { statusText } from './words';

beforeAll(() => showCatalog('en', { ...en, ...settings }));

const now = Date.parse('2026-11-23T12:00:00Z'); // a Monday
const text = (open: boolean, closes_at: string | null, opens_at: string | null) => statusText({ open, closes_at, opens_at }, 'Europe/Istanbul', now, t).replace(/\s/g, ' ');

test('what holds now is said in the time of the place', () => {
  expect(text(true, '2026-11-23T14:00:00Z', null)).toBe('Open now, closes at 5:00 PM');
  expect(text(true, '2026-11-23T21:00:00Z', null)).toBe('Open now, closes at midnight');
  expect(text(true, '2026-11-23T23:00:00Z', null)).toBe('Open now, closes Tuesday at 2:00 AM');
  expect(text(true, null, null)).toBe('Always open');
  expect(text(false, null, '2026-11-23T13:00:00Z')).toBe('Closed, opens at 4:00 PM');
  expect(text(false, null, '2026-11-24T06:00:00Z')).toBe('Closed, opens Tuesday at 9:00 AM');
  expect(text(false, null, '2027-01-04T06:00:00Z')).toBe('Closed, opens Mon, January 4 at 9:00 AM');
  expect(text(false, null, null)).toBe('Closed, and it does not open within a year');
});

test('a form sends what it was given', () => {
  const body = suggested('Support');
  expect(bodyFrom(valuesOf(body))).toMatchObject({ name: 'Support', week: { monday: [{ from: '09:00', to: '17:00' }], saturday: [] }, own_days: [], default: false });
  expect(alike(valuesOf(body))).toBe(true);
  expect(alike({ ...valuesOf(body), 'week.friday': [] })).toBe(false);
});

test('midnight is the end of a day', () => {
  expect(shownEnd('24:00')).toBe('00:00');
  expect(typedEnd('00:00')).toBe('24:00');
  expect(typedEnd('17:00')).toBe('17:00');
});

test('another interval begins after the last one and ends within the day', () => {
  expect(another([])).toEqual({ from: '09:00', to: '17:00' });
  expect(another([{ from: '09:00', to: '12:30' }])).toEqual({ from: '13:00', to: '16:00' });
  expect(another([{ from: '09:00', to: '21:15' }])).toEqual({ from: '22:00', to: '24:00' });
  expect(another([{ from: '09:00', to: '24:00' }])).toEqual({ from: '23:00', to: '24:00' });
});
