import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { api } from '@/api/client';
import { ApiProblem } from '@/api/problem';
import type { ListedSender } from '@/api/types';
import { SpamPage } from './SpamPage';

const listed = (id: number, pattern: string, kind: 'block' | 'allow' = 'block') => ({ id, kind, pattern, agent_id: 1, conversation_id: null, created_at: '2026-11-21T12:00:00Z' }) as ListedSender;

async function show(block: ListedSender[], allow: ListedSender[] = [], next = '') {
  vi.spyOn(api, 'get').mockImplementation((path, options) => {
    if (path === '/spam-settings') return Promise.resolve({ keep_days: 30, trash_keep_days: 14 }) as never;
    const query = options?.query as { kind: string; cursor: string };
    if (query.kind === 'allow') return Promise.resolve({ items: allow, next: '' }) as never;
    return Promise.resolve(query.cursor ? { items: [listed(9, 'older@x.example')], next: '' } : { items: block, next }) as never;
  });
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(<QueryClientProvider client={queries}><SpamPage /></QueryClientProvider>);
  await screen.findByRole('textbox', { name: 'Spam, in days' });
}

const part = (name: string) => within(screen.getByRole('heading', { name }).closest('section')!);

describe('spam and blocking', () => {
  afterEach(cleanup);

  test('shows both lists, and says what belongs there while one is empty', async () => {
    await show([listed(1, 'bad@x.example'), listed(2, '@worse.example')]);
    expect((await part('Blocked').findAllByRole('listitem')).map((row) => row.textContent)).toEqual([expect.stringContaining('bad@x.example'), expect.stringContaining('@worse.example')]);
    expect(await part('Never spam').findByText('Nobody yet.')).toBeTruthy();
  });

  test('more are shown when asked for', async () => {
    await show([listed(1, 'bad@x.example')], [], 'further');
    await userEvent.click(await screen.findByRole('button', { name: 'Show more' }));
    expect(await screen.findByText('older@x.example')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull();
  });

  test('puts an address on a list, and leaves it in the field when it is refused', async () => {
    await show([]);
    const posted = vi.spyOn(api, 'post').mockRejectedValueOnce(new ApiProblem(409, { detail: 'gmail.com belongs to many people.' })).mockResolvedValue(listed(3, 'eva@x.example', 'allow'));
    const blocked = part('Blocked');
    const field = blocked.getByRole('textbox');
    await userEvent.type(field, ' gmail.com ');
    await userEvent.click(blocked.getByRole('button', { name: 'Add' }));
    expect(posted).toHaveBeenLastCalledWith('/senders', { body: { kind: 'block', pattern: 'gmail.com' } });
    expect(await blocked.findByText('gmail.com belongs to many people.')).toBeTruthy();
    expect((field as HTMLInputElement).value).toBe(' gmail.com ');
    const never = part('Never spam');
    await userEvent.type(never.getByRole('textbox'), 'eva@x.example{Enter}');
    expect(posted).toHaveBeenLastCalledWith('/senders', { body: { kind: 'allow', pattern: 'eva@x.example' } });
    expect((never.getByRole('textbox') as HTMLInputElement).value).toBe('');
  });

  test('takes an address off a list', async () => {
    await show([listed(1, 'bad@x.example')]);
    const removed = vi.spyOn(api, 'delete').mockResolvedValue(undefined);
    await userEvent.click(await screen.findByRole('button', { name: 'Take bad@x.example off the list' }));
    expect(removed).toHaveBeenCalledWith('/senders/1');
  });

  test('keeps spam for a number of days, and refuses what is none before it asks', async () => {
    await show([]);
    const patched = vi.spyOn(api, 'patch').mockResolvedValue({ keep_days: 7, trash_keep_days: 14 });
    const days = screen.getByRole('textbox', { name: 'Spam, in days' });
    await userEvent.clear(days);
    await userEvent.type(days, 'ten');
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(patched).not.toHaveBeenCalled();
    expect(screen.getByText('Give a number of days from 0 to 3650.')).toBeTruthy();
    await userEvent.clear(days);
    await userEvent.type(days, '7');
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(patched).toHaveBeenCalledWith('/spam-settings', { body: { keep_days: 7, trash_keep_days: 14 } });
  });
});
