import { describe, expect, test } from 'vitest';
import { parseWhen } from './when';

// A Saturday.
const now = new Date(2026, 10, 21, 12, 0);
const at = (text: string, locale: string) => {
  const found = parseWhen(text, now, locale);
  return found && `${found.getMonth() + 1}-${found.getDate()} ${found.getHours()}:${String(found.getMinutes()).padStart(2, '0')}`;
};

describe('moments that people type', () => {
  test.each([
    ['en', 'tomorrow', '11-22 9:00'], ['en', 'Tomorrow 14:30', '11-22 14:30'], ['en', 'monday 8am', '11-23 8:00'], ['en', 'in 3 days', '11-24 12:00'],
    ['en', '2h', '11-21 14:00'], ['en', '24 Dec', '12-24 9:00'], ['en', 'Dec 24 18:00', '12-24 18:00'], ['en', '18:30', '11-21 18:30'],
    ['en', '8:00', '11-22 8:00'], ['en', '2026-12-01 10:15', '12-1 10:15'], ['en', 'sat', '11-28 9:00'], ['en', '5pm', '11-21 17:00'],
    ['tr', 'Yarın 10:00', '11-22 10:00'], ['tr', '3 gün sonra', '11-24 12:00'], ['tr', 'Salı', '11-24 9:00'], ['tr', '24.12. 9:30', '12-24 9:30'],
    ['uk', 'завтра о 15:00', '11-22 15:00'], ['uk', 'через 2 тижні', '12-5 12:00'], ['uk', 'пт 10:00', '11-27 10:00'], ['uk', '24 грудня', '12-24 9:00'],
    ['ja', '明日 10時', '11-22 10:00'], ['ja', '3日後', '11-24 12:00'], ['ja', '月曜日 9時30分', '11-23 9:30'], ['ja', '12月24日', '12-24 9:00'],
  ])('%s: %s', (locale, text, want) => expect(at(text, locale)).toBe(want));

  test.each(['', 'soon', '31.02.', 'xyz 25:00', '99'])('%s is not a moment', (text) => expect(at(text, 'en')).toBeUndefined());
});
