import { describe, expect, test } from 'vitest';
import { daysBetween, listTime, relativeTime, shortSpan } from './dates';

const now = new Date(2026, 10, 19, 18, 42).getTime();

describe('times', () => {
  test('a row shows the hour today, the weekday within a week, then the date', () => {
    expect(listTime(new Date(2026, 10, 19, 9, 5), now, 'en-GB')).toBe('09:05');
    expect(listTime(new Date(2026, 10, 18, 23, 0), now, 'en-GB')).toBe('Wed');
    expect(listTime(new Date(2026, 10, 2), now, 'en-GB')).toBe('2 Nov');
    expect(listTime(new Date(2025, 10, 2), now, 'en-GB')).toBe('2 Nov 2025');
  });

  test('a sentence is relative under seven days and absolute after', () => {
    expect(relativeTime(now - 5 * 60_000, now, 'en')).toBe('5 minutes ago');
    expect(relativeTime(now + 2 * 86_400_000, now, 'en')).toBe('in 2 days');
    expect(relativeTime(now - 8 * 86_400_000, now, 'en')).toMatch(/Nov/);
  });

  test.each([[49 * 3_600_000, '2d'], [5.5 * 3_600_000, '5h'], [42 * 60_000, '42m'], [271_000, '4:31'], [-12 * 60_000, '12m']])(
    '%d ms is short for %s', (ms, expected) => {
      expect(shortSpan(ms)).toBe(expected);
    },
  );

  test('days are counted by the calendar, not by hours', () => {
    expect(daysBetween(new Date(2026, 10, 18, 23, 59), new Date(2026, 10, 19, 0, 1))).toBe(1);
  });
});
