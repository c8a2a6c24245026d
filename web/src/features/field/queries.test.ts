import { expect, test } from 'vitest';
import type { CustomField } from '@/api/types';
import { isShown } from './queries';

const photo = { key: 'photo', shown_when: { key: 'reason', choices: ['Damaged'] } } as CustomField;

test('a field with a condition is shown only with its choice', () => {
  expect(isShown(photo, {})).toBe(false);
  expect(isShown(photo, { reason: 'Late' })).toBe(false);
  expect(isShown(photo, { reason: 'Damaged' })).toBe(true);
  expect(isShown({ key: 'note' } as CustomField, {})).toBe(true);
});
