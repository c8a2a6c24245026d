import { describe, expect, test } from 'vitest';
import { keyOf, matches, parseStroke } from './keys';

function press(key: string, code: string, more: KeyboardEventInit = {}): KeyboardEvent {
  return new KeyboardEvent('keydown', { key, code, ...more });
}

describe('keys', () => {
  test('Latin layouts decide by the letter they write', () => {
    expect(keyOf(press('a', 'KeyQ'))).toBe('a');
  });

  test('a Ukrainian keyboard reaches Latin letters by place', () => {
    expect(keyOf(press('о', 'KeyJ'))).toBe('j');
    expect(keyOf(press('х', 'BracketLeft'))).toBe('[');
  });

  test('the dotless letter of a Turkish keyboard stands for i', () => {
    expect(keyOf(press('ı', 'KeyI'))).toBe('i');
    expect(keyOf(press('i', 'Quote'))).toBe('i');
  });

  test('a Turkish letter on the key of a sign does not become the sign', () => {
    expect(keyOf(press('ç', 'Period'))).toBe('ç');
  });

  test('shift tells letters apart and is part of writing a sign', () => {
    expect(matches(parseStroke('e'), press('E', 'KeyE', { shiftKey: true }))).toBe(false);
    expect(matches(parseStroke('shift+e'), press('E', 'KeyE', { shiftKey: true }))).toBe(true);
    expect(matches(parseStroke('?'), press('?', 'Slash', { shiftKey: true }))).toBe(true);
    expect(matches(parseStroke('/'), press('/', 'Digit7', { shiftKey: true }))).toBe(true);
  });

  test('mod is needed when asked for and refused when not', () => {
    expect(matches(parseStroke('mod+k'), press('k', 'KeyK', { ctrlKey: true }))).toBe(true);
    expect(matches(parseStroke('mod+k'), press('k', 'KeyK'))).toBe(false);
    expect(matches(parseStroke('r'), press('r', 'KeyR', { ctrlKey: true }))).toBe(false);
  });
});
