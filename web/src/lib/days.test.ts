import { describe, expect, test } from 'vitest';
import { dueLabel, endOfDay } from './days';

const now = new Date(2026, 10, 19, 18, 42).getTime();

describe('what is due', () => {
  test.each([['2026-11-18', 'yesterday'], ['2026-11-19', 'today'], ['2026-11-20', 'tomorrow'], ['2026-11-27', 'Fri 27 Nov'], ['2026-11-10', 'Tue 10 Nov']])(
    'by the end of %s is said as %s', (day, words) => {
      expect(dueLabel(endOfDay(day), now, 'en-GB').replace(',', '')).toBe(words);
    },
  );

  test('at an hour is said with it', () => {
    expect(dueLabel(new Date(2026, 10, 20, 9, 30).toISOString(), now, 'en-GB')).toMatch(/20 Nov.*9:30/);
  });
});
