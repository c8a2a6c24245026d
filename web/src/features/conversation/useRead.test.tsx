import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { api } from '@/api/client';
import { notificationKeys } from '@/api/notifications';
import { useRead } from './useRead';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function look(told: number, unread: boolean) {
  const queries = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  queries.setQueryData(notificationKeys.count, { unread: told });
  vi.spyOn(api, 'get').mockResolvedValue({ unread: told } as never);
  const post = vi.spyOn(api, 'post').mockResolvedValue({ unread: 0 } as never);
  const wrapper = ({ children }: { children: ReactNode }) => <QueryClientProvider client={queries}>{children}</QueryClientProvider>;
  const view = renderHook(() => useRead(7, unread, 40, true), { wrapper });
  return { post, queries, leave: view.unmount };
}

test('what the bell tells of a conversation is read with it, although nothing in it is new', async () => {
  const { post, queries } = look(2, false);
  await vi.advanceTimersByTimeAsync(499);
  expect(post).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(post).toHaveBeenCalledExactlyOnceWith('/notifications/read', { body: { conversation_id: 7 } });
  expect(queries.getQueryData(notificationKeys.count)).toEqual({ unread: 0 });
  await vi.advanceTimersByTimeAsync(5000);
  expect(post).toHaveBeenCalledOnce();
});

test('a bell that tells nothing asks for nothing, and neither does a conversation that was only passed', async () => {
  const silent = look(0, false);
  await vi.advanceTimersByTimeAsync(5000);
  expect(silent.post).not.toHaveBeenCalled();
  const passed = look(2, false);
  await vi.advanceTimersByTimeAsync(300);
  passed.leave();
  await vi.advanceTimersByTimeAsync(5000);
  expect(passed.post).not.toHaveBeenCalled();
});

test('something new is marked by the conversation alone', async () => {
  const { post } = look(2, true);
  await vi.advanceTimersByTimeAsync(5000);
  expect(post).toHaveBeenCalledExactlyOnceWith('/conversations/7/read', { body: { message_id: 40 } });
});
