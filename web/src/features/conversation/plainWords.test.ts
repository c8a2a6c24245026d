import { afterEach, describe, expect, test } from 'vitest';
import { plainWords } from './plainWords';

describe('the own words of a plain field', () => {
  const field = document.createElement('textarea');
  const words = plainWords({ current: field }, (text) => {
    field.value = text;
  });
  afterEach(() => field.remove());
  const start = (text: string) => {
    document.body.append(field);
    field.value = text;
    expect(words.read()).toBe(text);
  };

  test('are selected and replaced where they were found', () => {
    start('Not cheap, cheap.');
    words.mark([{ start: 4, end: 9, strong: false }, { start: 11, end: 16, strong: true }]);
    words.select(1);
    expect([field.selectionStart, field.selectionEnd]).toEqual([11, 16]);
    words.replace(0, 'inexpensive');
    expect(field.value).toBe('Not inexpensive, cheap.');
    expect(field.selectionStart).toBe(15);
  });

  test('are left alone when somebody has written on since', () => {
    start('Cheap.');
    words.mark([{ start: 0, end: 5, strong: false }]);
    field.value = 'A Cheap.';
    words.replace(0, 'Inexpensive');
    expect(field.value).toBe('A Cheap.');
  });

  test('take a sentence at the caret, with a space where one is needed', () => {
    start('Hello.');
    field.setSelectionRange(6, 6);
    words.add('We are sorry.');
    expect(field.value).toBe('Hello. We are sorry.');
  });
});
