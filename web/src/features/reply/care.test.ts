import { expect, test } from 'vitest';
import type { SavedReply } from '@/api/replies';
import { sorted, worryOf } from './care';

const now = Date.parse('2026-11-22T12:00:00Z');
const one = (fields: Partial<SavedReply>) => ({ name: 'x', shared: true, owner_left: false, owner_name: 'Ada', uses: 0, expires_at: null, expired: false, review_due: false, reviewed_at: '2026-11-01T00:00:00Z', ...fields }) as SavedReply;

test('the worst that is wrong with a saved reply is named', () => {
  expect(worryOf(one({}), now)).toBeUndefined();
  expect(worryOf(one({ review_due: true }), now)).toBe('review');
  expect(worryOf(one({ review_due: true, owner_left: true }), now)).toBe('owner');
  expect(worryOf(one({ owner_left: true, shared: false }), now)).toBeUndefined();
  expect(worryOf(one({ expires_at: '2026-12-01T00:00:00Z', review_due: true }), now)).toBe('expires');
  expect(worryOf(one({ expires_at: '2027-01-01T00:00:00Z' }), now)).toBeUndefined();
  expect(worryOf(one({ expires_at: '2026-11-01T00:00:00Z', expired: true }), now)).toBe('expired');
});

test('what does not expire comes behind what does', () => {
  const list = [one({ name: 'never' }), one({ name: 'soon', expires_at: '2026-12-01T00:00:00Z', uses: 3 })];
  expect(sorted(list, 'expires').map(({ name }) => name)).toEqual(['soon', 'never']);
  expect(sorted(list, 'least').map(({ name }) => name)).toEqual(['never', 'soon']);
  expect(sorted(list, 'name').map(({ name }) => name)).toEqual(['never', 'soon']);
});
