import type { Id } from '@/api/types';
import { tellWorker } from '@/lib/worker';
import { keepInstallOffer } from './install';

/**
 * Starts the service worker, which makes the console open without a network. onFirst is called when it begins to work
 * for this page: what was asked before went past it.
 */
export async function startWorker(agent: Id, onFirst: () => void): Promise<void> {
  // Browsers have it on https and on this machine only.
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return;
  keepInstallOffer();
  const first = !navigator.serviceWorker.controller;
  try {
    await navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' });
    await navigator.serviceWorker.ready;
  } catch {
    // Private windows may refuse it; everything else works without.
    return;
  }
  tellWorker({ type: 'agent', id: agent });
  if (!first) return;
  if (navigator.serviceWorker.controller) onFirst();
  else navigator.serviceWorker.addEventListener('controllerchange', onFirst, { once: true });
}
