import { describe, expect, test } from 'vitest';
import { Formatter } from './format';
import { MessageSyntaxError, parse } from './icu';
import { pseudo } from './pseudo';

const days = '{n, plural, one {# день} few {# дні} many {# днів} other {# дня}}';

describe('messages', () => {
  test.each([[1, '1 день'], [3, '3 дні'], [5, '5 днів'], [21, '21 день'], [1.5, '1,5 дня']])(
    'Ukrainian counts %d as %s', (n, expected) => {
      expect(new Formatter('uk').text(days, { n })).toBe(expected);
    },
  );

  test('an exact number wins over its category', () => {
    const message = '{n, plural, =0 {none} one {# one} other {# all}}';
    expect(new Formatter('en').text(message, { n: 0 })).toBe('none');
    expect(new Formatter('en').text(message, { n: 1 })).toBe('1 one');
  });

  test('select falls back to other', () => {
    const message = '{who, select, me {You} other {{name}}} replied';
    expect(new Formatter('en').text(message, { who: 'me' })).toBe('You replied');
    expect(new Formatter('en').text(message, { who: 'x', name: 'Marek' })).toBe('Marek replied');
  });

  test('numbers and dates follow the language', () => {
    expect(new Formatter('tr').text('{n, number}', { n: 12345.5 })).toBe('12.345,5');
    expect(new Formatter('en').text('{p, number, percent}', { p: 0.125 })).toBe('12.5%');
    expect(new Formatter('en').text('{d, date, short}', { d: new Date(2026, 10, 19) })).toMatch(/Nov/);
  });

  test('quotes shield braces and double quotes write one', () => {
    expect(new Formatter('en').text("It''s '{'raw'}'", {})).toBe("It's {raw}");
    expect(new Formatter('en').text("don't", {})).toBe("don't");
  });

  test('an argument may be an element and stays whole', () => {
    const bold = { element: true };
    expect(new Formatter('en').parts<object>('To {name}.', { name: bold })).toEqual(['To ', bold, '.']);
  });

  test.each(['{', '{a', '}', '{a, plural, one {x}}', '{a, wrong, x}', '{a, plural, one {x} other {y'])(
    'the malformed message %s is refused', (message) => {
      expect(() => parse(message)).toThrow(MessageSyntaxError);
    },
  );

  test('the pseudo-language is longer, accented and keeps its arguments', () => {
    const message = pseudo('{n, plural, one {# second} other {# seconds}} left for {name}');
    const shown = new Formatter('en').text(message, { n: 2, name: 'Ada' });
    expect(shown).toMatch(/^\[2 šéçóñðš łéƒţ|^\[2 šéçóñðš/);
    expect(shown).toContain('Ada');
  });
});
