/** Says something to the service worker, if this browser has one. */
export function tellWorker(told: object): void {
  void navigator.serviceWorker?.getRegistration().then((found) => found?.active?.postMessage(told)).catch(() => undefined);
}

/** Asks the service worker; undefined when there is none. */
export async function askWorker<T>(told: object): Promise<T | undefined> {
  const worker = (await navigator.serviceWorker?.getRegistration().catch(() => undefined))?.active;
  if (!worker) return undefined;
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data as T);
    worker.postMessage(told, [port2]);
  });
}
