import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { api } from '@/api/client';
import { NotificationSettings } from './NotificationSettings';

const kinds = ['mention', 'assigned', 'customer_reply', 'reply_failed', 'reply_held'] as const;
const items = kinds.map((kind) => ({ kind, app: kind !== 'assigned', mail: kind === 'mention', push: false, sound: false }));
const rhythm = { time_zone: '', quiet: true, quiet_from: 1080, quiet_until: 540, mails: 'soon', daily_at: 480, push_words: false };

function show(quiet = false) {
  vi.spyOn(Intl, 'supportedValuesOf').mockReturnValue(['Europe/Kyiv']);
  vi.spyOn(api, 'get').mockImplementation((path) => Promise.resolve((path === '/me/notification-settings' ? { items } : path === '/me/push' ? { public_key: 'x', subscribed: false } : { ...rhythm, quiet }) as never));
  const put = vi.spyOn(api, 'put').mockImplementation((path, options) => Promise.resolve((path === '/me/notification-settings' ? { items } : options?.body) as never));
  render(<QueryClientProvider client={new QueryClient()}><NotificationSettings /></QueryClientProvider>);
  return put;
}

test('each event can be chosen for each way, and only that is sent', async () => {
  const put = show();
  const row = await screen.findByRole('row', { name: /A colleague mentions me/ });
  expect(within(row).getAllByRole('checkbox').map((box) => (box as HTMLInputElement).checked)).toEqual([true, true, false, false]);
  await userEvent.click(within(row).getByRole('checkbox', { name: 'A colleague mentions me or a team of mine: Mail' }));
  expect(put).toHaveBeenCalledWith('/me/notification-settings', { body: { items: [{ kind: 'mention', mail: false }] } });
  expect(screen.getByRole('checkbox', { name: 'Somebody else gives me a conversation: Sound' })).toHaveProperty('disabled', true);
});

test('quiet hours are saved when they are whole, with the zone of the browser, and never end as they begin', async () => {
  const put = show(true);
  const from = await screen.findByLabelText('From');
  await userEvent.clear(from);
  await userEvent.type(from, '09:00');
  await userEvent.tab();
  expect(await screen.findByText('Choose another time than the other one.')).toBeTruthy();
  expect(put).not.toHaveBeenCalled();
  await userEvent.clear(from);
  await userEvent.type(from, '20:30');
  await userEvent.tab();
  expect(put).toHaveBeenCalledWith('/me/notification-rhythm', { body: expect.objectContaining({ quiet_from: 1230, time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone }) as unknown });
});

test('a browser that cannot be told says so', async () => {
  show();
  expect(await screen.findByText(/This browser cannot be told/)).toBeTruthy();
});
