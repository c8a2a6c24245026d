/// <reference lib="webworker" />
import { DeviceShelf } from './kept';
import { Reading } from './reading';
import { Shell } from './shell';

/** Put in by the build: what the console is made of, and a word that changes with any of it. */
declare const CONSOLE_FILES: readonly string[];
declare const CONSOLE_VERSION: string;

/** What the page says to the worker. */
export type Told =
  | { type: 'agent'; id: number }
  | { type: 'forget' }
  | { type: 'keep'; on: boolean }
  | { type: 'size' };

/** Makes the console open without a network, and answers with what this agent has read before. */
export function workOffline(worker: ServiceWorkerGlobalScope): void {
  const shell = new Shell(CONSOLE_VERSION, CONSOLE_FILES, worker.caches);
  const reading = new Reading(new DeviceShelf(worker.indexedDB), (request) => fetch(request));

  worker.addEventListener('install', (event) => {
    // Pages come from the network first and files have their content in their name: nothing has to wait for old pages.
    event.waitUntil(shell.fill().then(() => worker.skipWaiting()));
  });
  worker.addEventListener('activate', (event) => {
    event.waitUntil(Promise.all([shell.dropOthers(), worker.registration.navigationPreload?.enable(), worker.clients.claim()]));
  });
  worker.addEventListener('fetch', (event) => {
    const { request } = event;
    if (new URL(request.url).origin !== worker.location.origin) return;
    if (request.mode === 'navigate') {
      if (shell.isPage(request)) event.respondWith(shell.page(request, event.preloadResponse as Promise<Response | undefined>));
    } else if (shell.isFile(request)) event.respondWith(shell.file(request));
    else if (reading.takes(request)) event.respondWith(reading.answer(request, (work) => event.waitUntil(work)));
  });
  worker.addEventListener('message', (event) => {
    const told = event.data as Told;
    if (told.type === 'agent') event.waitUntil(reading.belongTo(told.id));
    if (told.type === 'forget') event.waitUntil(reading.forget());
    if (told.type === 'keep') event.waitUntil(reading.keep(told.on));
    if (told.type === 'size') event.waitUntil(reading.size().then((size) => event.ports[0]?.postMessage(size)));
  });
}
