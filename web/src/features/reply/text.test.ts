import { expect, test } from 'vitest';
import { isPlain, toHtml, toText } from './text';

test('text and paragraphs turn into each other without losing a line', () => {
  const text = 'Hello {{ customer.name | default: "you" }},\n\nfirst\nsecond <b> & more';
  expect(toText(toHtml(text))).toBe(text);
  expect(isPlain(toHtml(text))).toBe(true);
});

test('what has more than paragraphs is edited as it is', () => {
  expect(isPlain('<p>Hello <b>you</b></p>')).toBe(false);
  expect(isPlain('<p>1 < 2</p>')).toBe(true);
});
