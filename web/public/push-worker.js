// Shows what the server pushed, and opens it. It keeps and fetches nothing.
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('push', (event) => {
  const { title = 'Deskbell', body, tag, url, lang } = event.data?.json() ?? {};
  event.waitUntil(self.registration.showNotification(title, { body, tag, lang, renotify: Boolean(tag), data: url }));
});
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const url = event.notification.data ?? '/';
  event.waitUntil((async () => {
    const [tab] = await self.clients.matchAll({ type: 'window' });
    const shown = await tab?.focus().then(() => tab.navigate(url)).catch(() => undefined);
    if (!shown) await self.clients.openWindow(url);
  })());
});
