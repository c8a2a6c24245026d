import { api } from '@/api/client';

/** Why this browser cannot be told, undefined when it can. */
export function obstacle(): 'unable' | 'denied' | undefined {
  if (!window.isSecureContext || !('serviceWorker' in navigator) || !('PushManager' in window)) return 'unable';
  return Notification.permission === 'denied' ? 'denied' : undefined;
}

/** Asks for the permission and tells the server where this browser is reached. Throws when the browser does not want to. */
export async function subscribe(key: string): Promise<void> {
  if ((await Notification.requestPermission()) !== 'granted') throw new Error('denied');
  await navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' });
  const { pushManager } = await navigator.serviceWorker.ready;
  // A subscription under another key, such as that of a test installation, has to go first.
  await (await pushManager.getSubscription())?.unsubscribe();
  const { endpoint, keys } = (await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })).toJSON();
  await api.put('/me/push', { body: { endpoint: endpoint!, p256dh: keys!.p256dh!, auth: keys!.auth! } });
}

export async function unsubscribe(): Promise<void> {
  await api.delete('/me/push');
  const registration = await navigator.serviceWorker.getRegistration('/');
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
}
