import { QueryClient } from '@tanstack/react-query';
import { expect, test, vi } from 'vitest';
import { conversationKeys } from './conversations';
import type { Frame, Realtime } from './realtime';
import { followRenewals, onRenewed } from './renewed';

function socket() {
  const listeners = new Map<string, (frame: Frame) => void>();
  const on = (type: string, listener: (frame: Frame) => void) => {
    listeners.set(type, listener);
    return () => listeners.delete(type);
  };
  return { realtime: { on } as unknown as Realtime, tell: (type: string) => listeners.get(type)?.({ type, data: {} }) };
}

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
