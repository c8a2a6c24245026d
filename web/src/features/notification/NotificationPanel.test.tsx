import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { api } from '@/api/client';
import { navigate } from '@/lib/router';
import { NotificationPanel } from './NotificationPanel';
import type { Notification } from './queries';

vi.mock('@/lib/router', async (original) => ({ ...(await original<object>()), navigate: vi.fn() }));

const one = (id: number, change: Partial<Notification> = {}): Notification => ({
  id, kind: 'mention', conversation_id: 10 + id, inbox_id: 0, number: 10 + id, subject: `Parcel ${id}`, preview: 'Please look', message_id: 5,
  actor: { type: 'agent', id: 2, name: 'Marek' }, times: 1, at: '2026-11-21T12:00:00Z', read: false, ...change,
});

function show(items: Notification[]) {
  const posted = vi.spyOn(api, 'post').mockResolvedValue({ unread: 0 });
  vi.spyOn(api, 'get').mockResolvedValue({ items, next: '' });
  const onClose = vi.fn();
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(<QueryClientProvider client={queries}><NotificationPanel onClose={onClose} /></QueryClientProvider>);
  return { posted, onClose };
}

describe('the notifications', () => {
  beforeEach(() => {
    vi.restoreAllMocks();
    vi.mocked(navigate).mockReset();
  });

  test('say what happened, and who did it where somebody did', async () => {
    show([one(1, { times: 3 }), one(2, { kind: 'reply_failed', actor: { type: 'system', id: 0, name: '' }, read: true }), one(3, { kind: 'assigned', actor: { type: 'system', id: 0, name: '' } }), one(4, { kind: 'draft_taken' })]);
    const rows = await screen.findAllByRole('listitem');
    expect(rows.map((row) => row.querySelector('[data-item] > span + span > span > span')?.textContent)).toEqual([
      'Marek mentioned you', 'Your reply was not delivered', 'This conversation is yours now', 'Marek took over your draft',
    ]);
    expect(rows.map((row) => row.textContent.includes('Unread'))).toEqual([true, false, true, true]);
    expect(rows[0]!.textContent).toContain('3 times');
  });

  test('are walked by J and K and opened by Enter, which reads them', async () => {
    const { posted, onClose } = show([one(1), one(2)]);
    await waitFor(() => expect(document.activeElement?.textContent).toContain('Parcel 1'));
    await userEvent.keyboard('jjk');
    expect(document.activeElement?.textContent).toContain('Parcel 1');
    await userEvent.keyboard('j{Enter}');
    expect(navigate).toHaveBeenCalledWith({ to: '/conversations/$conversationId', params: { conversationId: '12' } });
    expect(posted).toHaveBeenCalledWith('/notifications/read', { body: { ids: [2] } });
    expect(onClose).toHaveBeenCalled();
  });

  test('about an inbox open its settings', async () => {
    const { posted } = show([one(-3, { kind: 'inbox_quiet', conversation_id: 0, inbox_id: 4, subject: 'Support', actor: { type: 'system', id: 0, name: '' } })]);
    await userEvent.click(await screen.findByText('No mail has come to an inbox for longer than usual'));
    expect(navigate).toHaveBeenCalledWith({ to: '/settings/inboxes/$inboxId', params: { inboxId: '4' } });
    expect(posted).toHaveBeenCalledWith('/notifications/read', { body: { ids: [-3] } });
  });

  test('are all read up to the newest that is shown', async () => {
    const { posted } = show([one(1), one(2, { at: '2026-11-20T12:00:00Z' })]);
    await userEvent.click(await screen.findByRole('button', { name: 'Mark all as read' }));
    expect(posted).toHaveBeenCalledWith('/notifications/read', { body: { all: true, until: '2026-11-21T12:00:00Z' } });
  });

  test('say what belongs here while there are none', async () => {
    show([]);
    await screen.findByRole('heading', { name: 'Nothing here yet' });
    expect(screen.queryByRole('button', { name: 'Mark all as read' })).toBeNull();
  });
});
