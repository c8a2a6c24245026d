import { describe, expect, test } from 'vitest';
import { strengthOf } from './password';

describe('the strength of a password', () => {
  test('is told by length, variety and what is easy to guess', () => {
    expect(strengthOf('abc12')).toBe('short');
    expect(strengthOf('aaaaaaaaaaaaaa')).toBe('weak');
    expect(strengthOf('password1234567')).toBe('weak');
    expect(strengthOf('kettlepot')).toBe('weak');
    expect(strengthOf('kettle pot 9')).toBe('fair');
    expect(strengthOf('brass bell on the counter')).toBe('strong');
  });

  test('does not count the own name and address', () => {
    expect(strengthOf('annalindenloom', ['Anna Linden', 'anna@loom.example'])).toBe('weak');
  });
});
