import { expect, test } from 'vitest';
import { fold, matchScore } from './fold';
import { initials } from './formats';

test('Turkish names are found from every keyboard', () => {
  expect(fold('İade IŞIK ılık')).toBe(fold('iade isik ilik'));
});

test('Latin marks are dropped and Cyrillic ones kept', () => {
  expect(fold('Snødal Müller')).toBe('snodal muller');
  expect(fold('Й й')).toBe('й й');
});

test('the beginning of a word counts more than its middle', () => {
  expect(matchScore('Snooze until tomorrow', 'sno')).toBeGreaterThan(matchScore('Casino', 'sino'));
  expect(matchScore('Close', 'xyz')).toBe(0);
});

test('initials take one sign of a Japanese name and two of others', () => {
  expect(initials('佐藤 美咲')).toBe('佐');
  expect(initials('Олена Ткаченко')).toBe('ОТ');
  expect(initials('"Anna" de Vries')).toBe('AV');
  expect(initials('')).toBe('?');
});
