interface Told {
  title?: string;
  body?: string;
  /** A later one with the same takes its place. */
  tag?: string;
  url?: string;
  lang?: string;
}

/** Shows what the server pushed, and opens it when it is pressed. */
export function workPush(worker: ServiceWorkerGlobalScope): void {
  worker.addEventListener('push', (event) => {
    const { title = 'Deskbell', body, tag, url = '/', lang } = (event.data?.json() ?? {}) as Told;
    event.waitUntil(worker.registration.showNotification(title, { body, tag, lang, data: url }));
  });
  worker.addEventListener('notificationclick', (event) => {
    event.notification.close();
    event.waitUntil(open(worker, String(event.notification.data)));
  });
}

/** Shows the page in a tab that is there, otherwise in a new one. */
async function open(worker: ServiceWorkerGlobalScope, url: string): Promise<void> {
  const [tab] = await worker.clients.matchAll({ type: 'window' });
  const shown = await tab?.focus().then(() => tab.navigate(url)).catch(() => null);
  if (!shown) await worker.clients.openWindow(url);
}
