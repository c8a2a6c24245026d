import { QueryClient } from '@tanstack/react-query';
import { beforeEach, expect, test, vi } from 'vitest';
import { api } from '@/api/client';
import { ring } from './sound';

const now = Date.parse('2026-11-21T12:00:00Z');
const one = (change: object) => ({ id: 1, kind: 'mention', at: '2026-11-21T11:59:58Z', read: false, ...change });

async function hear(items: object[], { rhythm = {}, queries = new QueryClient() } = {}): Promise<string[]> {
  const setting = (kind: string, change: object) => ({ kind, app: true, mail: false, push: false, sound: true, ...change });
  vi.spyOn(api, 'get').mockImplementation((path) => Promise.resolve((
    path === '/me/notification-settings' ? { items: [setting('mention', {}), setting('assigned', { sound: false }), setting('reply_held', { app: false })] }
      : path === '/me/notification-rhythm' ? { time_zone: '', quiet: false, quiet_from: 0, quiet_until: 60, ...rhythm } : { items, next: '' }) as never));
  const heard: string[] = [];
  await ring(queries, (kind) => heard.push(kind), now);
  return heard;
}

beforeEach(() => localStorage.clear());

test('what is new sounds once, however many tabs hear of it', async () => {
  expect(await hear([one({})])).toEqual(['mention']);
  expect(await hear([one({})])).toEqual([]);
  expect(await hear([one({ at: '2026-11-21T11:59:59Z' })])).toEqual(['mention']);
});

test('nothing sounds that nobody asked for, that is old, or in quiet hours', async () => {
  expect(await hear([one({ kind: 'assigned' }), one({ kind: 'reply_held' }), one({ at: '2026-11-21T11:50:00Z' })])).toEqual([]);
  expect(await hear([one({})], { rhythm: { quiet: true, quiet_from: 0, quiet_until: 1439 } })).toEqual([]);
});
