import { describe, expect, test } from 'vitest';
import { pieces, termsOf, textOf } from './lines';

describe('lines of a rule', () => {
  test('name words of one meaning and what to write instead', () => {
    expect(termsOf('cheap, lousy → inexpensive\n\nno way\na -> b')).toEqual([
      { words: ['cheap', 'lousy'], instead: 'inexpensive' }, { words: ['no way'], instead: '' }, { words: ['a'], instead: 'b' },
    ]);
  });

  test('keep a comma between quotation marks', () => {
    expect(termsOf('"well, no", sorry* → x')).toEqual([{ words: ['"well, no"', 'sorry*'], instead: 'x' }]);
    expect(termsOf('無理、ダメ → いたしかねます')).toEqual([{ words: ['無理', 'ダメ'], instead: 'いたしかねます' }]);
  });

  test('are written as they are read', () => {
    const text = 'cheap, lousy → inexpensive\nno way';
    expect(textOf(termsOf(text))).toBe(text);
  });
});

describe('a text with places', () => {
  test('comes in pieces that make the text again', () => {
    const found = pieces('one two three', [{ start: 4, end: 7 }, { start: 5, end: 13 }, { start: 8, end: 13 }]);
    expect(found).toEqual([{ text: 'one ' }, { text: 'two', place: 0 }, { text: ' ' }, { text: 'three', place: 2 }]);
    expect(pieces('x', [])).toEqual([{ text: 'x' }]);
  });
});
