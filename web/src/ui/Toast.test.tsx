import { act, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runCommand } from '@/lib/commands';
import { toast, Toasts } from './Toast';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  act(() => vi.runAllTimers());
  vi.useRealTimers();
});

test('undo takes the action back once and the toast goes away', () => {
  const undo = vi.fn();
  render(<Toasts />);
  act(() => void toast({ text: 'Closed', undo }));
  act(() => void runCommand('app.undo'));
  expect(undo).toHaveBeenCalledTimes(1);
  expect(screen.queryByText('Closed')).toBeNull();
  expect(runCommand('app.undo')).toBe(false);
});

test('a toast leaves after eight seconds, but not while somebody points at it', () => {
  render(<Toasts />);
  act(() => void toast({ text: 'Tagged', undo: () => {} }));
  fireEvent.pointerEnter(screen.getByText('Tagged').parentElement!);
  act(() => vi.advanceTimersByTime(20_000));
  expect(screen.queryByText('Tagged')).not.toBeNull();
  fireEvent.pointerLeave(screen.getByText('Tagged').parentElement!);
  act(() => vi.advanceTimersByTime(9_000));
  expect(screen.queryByText('Tagged')).toBeNull();
});
