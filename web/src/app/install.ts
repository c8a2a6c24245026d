import { createStore } from '@/lib/store';

/** What the browser gives a page that may be installed. */
interface Offer extends Event {
  prompt: () => Promise<unknown>;
}

/** The browser's offer to install the console, while there is one. */
export const installing = createStore<Offer | undefined>(undefined);

/** Keeps the offer for the settings, in place of a bar that the browser would put over the work. */
export function keepInstallOffer(): void {
  window.addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    installing.set(event as Offer);
  });
  window.addEventListener('appinstalled', () => installing.set(undefined));
}
