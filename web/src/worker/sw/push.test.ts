import { expect, test, vi } from 'vitest';
import { workPush } from './push';

function start(tabs: { focus: () => Promise<unknown>; navigate: (url: string) => Promise<unknown> }[]) {
  const on: Record<string, (event: object) => void> = {};
  const show = vi.fn(() => Promise.resolve());
  const openWindow = vi.fn(() => Promise.resolve(null));
  workPush({
    addEventListener: (name: string, act: (event: object) => void) => (on[name] = act),
    registration: { showNotification: show }, clients: { matchAll: () => Promise.resolve(tabs), openWindow },
  } as unknown as ServiceWorkerGlobalScope);
  const fire = async (name: string, event: object) => {
    let waits: Promise<unknown> = Promise.resolve();
    on[name]!({ ...event, waitUntil: (until: Promise<unknown>) => (waits = until) });
    await waits;
  };
  return { fire, show, openWindow };
}

test('what is pushed is shown, and one without words all the same', async () => {
  const { fire, show } = start([]);
  await fire('push', { data: { json: () => ({ title: 'You were mentioned.', body: 'Conversation 7', tag: 'mention7', url: '/conversations/7', lang: 'en' }) } });
  expect(show).toHaveBeenCalledWith('You were mentioned.', { body: 'Conversation 7', tag: 'mention7', lang: 'en', data: '/conversations/7' });
  await fire('push', { data: null });
  expect(show).toHaveBeenLastCalledWith('Deskbell', expect.objectContaining({ data: '/' }));
});

test('pressing it opens the conversation in the tab that is there, otherwise in a new one', async () => {
  const notification = { close: vi.fn(), data: '/conversations/7' };
  const tab = { focus: vi.fn(() => Promise.resolve()), navigate: vi.fn(() => Promise.resolve({})) };
  const one = start([tab]);
  await one.fire('notificationclick', { notification });
  expect(tab.navigate).toHaveBeenCalledWith('/conversations/7');
  expect(one.openWindow).not.toHaveBeenCalled();
  const none = start([]);
  await none.fire('notificationclick', { notification });
  expect(none.openWindow).toHaveBeenCalledWith('/conversations/7');
  const stuck = start([{ ...tab, navigate: () => Promise.reject(new TypeError('not controlled')) }]);
  await stuck.fire('notificationclick', { notification });
  expect(stuck.openWindow).toHaveBeenCalledWith('/conversations/7');
});
