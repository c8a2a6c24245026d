import { QueryClient } from '@tanstack/react-query';
import { afterEach, expect, test, vi } from 'vitest';
import { conversationKeys } from './conversations';
import type { Frame, Realtime } from './realtime';
import { followRenewals, onRenewed } from './renewed';

function socket() {
  const listeners = new Map<string, (frame: Frame) => void>();
  const on = (type: string, listener: (frame: Frame) => void) => {
    listeners.set(type, listener);
    return () => listeners.delete(type);
  };
  return { realtime: { on } as unknown as Realtime, tell: (type: string, data = {}) => listeners.get(type)?.({ type, data }) };
}

afterEach(() => vi.useRealTimers());

test('what was asked before the stream began is asked again, once', () => {
  const { realtime, tell } = socket();
  const queries = new QueryClient();
  const renewed = vi.fn();
  const stops = [followRenewals(realtime, queries), onRenewed(renewed)];
  const messages = conversationKeys.messages(4);
  const stale = () => queries.getQueryState(messages)?.isInvalidated;

  queries.setQueryData(messages, { items: [] });
  tell('hello');
  expect(stale()).toBe(true);
  expect(renewed).toHaveBeenCalledWith({ kind: 'many' });

  queries.setQueryData(messages, { items: [] });
  tell('hello');
  expect(stale(), 'a reconnect is told what it missed').toBe(false);
  expect(renewed).toHaveBeenCalledOnce();
  stops.forEach((stop) => stop());
});

test('a change is asked for soon, what one change says in two events once, and while much happens questions are further apart', async () => {
  vi.useFakeTimers();
  const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(() => Promise.resolve(Response.json({ id: 4 })));
  const { realtime, tell } = socket();
  const stop = followRenewals(realtime, new QueryClient());
  tell('message.received', { conversation_id: 4 });
  tell('conversation.updated', { conversation_id: 4 });
  await vi.advanceTimersByTimeAsync(40);
  expect(fetched).toHaveBeenCalledTimes(1);

  tell('conversation.updated', { conversation_id: 5 });
  await vi.advanceTimersByTimeAsync(100);
  expect(fetched).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(200);
  expect(fetched).toHaveBeenCalledTimes(2);
  stop();
});
