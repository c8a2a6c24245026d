import { expect, test } from 'vitest';
import type { Rhythm } from './queries';
import { clockOf, isQuiet, minuteOf } from './quiet';

const rhythm = (change: Partial<Rhythm>): Rhythm => ({ time_zone: 'Europe/Kyiv', quiet: true, quiet_from: 22 * 60, quiet_until: 7 * 60, mails: 'soon', daily_at: 480, push_words: false, ...change });

test.each([
  ['before midnight', {}, '2026-11-20T20:30:00Z', true],
  ['behind midnight', {}, '2026-11-21T04:59:00Z', true],
  ['at the end', {}, '2026-11-21T05:00:00Z', false],
  ['at noon', { quiet_from: 12 * 60, quiet_until: 13 * 60, time_zone: 'Asia/Tokyo' }, '2026-11-20T03:00:00Z', true],
  ['where no zone was chosen', { time_zone: '' }, '2026-11-20T06:59:00Z', true],
  ['switched off', { quiet: false }, '2026-11-20T23:00:00Z', false],
] as const)('hours are quiet where their agent is: %s', (_name, change, at, quiet) => {
  expect(isQuiet(rhythm(change), new Date(at))).toBe(quiet);
});

test('a time field and a minute of the day say the same', () => {
  expect([clockOf(0), clockOf(1439), clockOf(545)]).toEqual(['00:00', '23:59', '09:05']);
  expect([minuteOf('09:05'), minuteOf('23:59'), minuteOf(''), minuteOf('9')]).toEqual([545, 1439, undefined, undefined]);
});
