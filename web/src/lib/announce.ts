import { createStore } from './store';

interface Said {
  id: number;
  text: string;
  how: 'polite' | 'assertive';
}

/** What the live regions of the page say. Each sentence is one of its own: two in one moment are both read. */
export const announcements = createStore<readonly Said[]>([]);

const stays = 10_000;
let next = 1;

/** Says a sentence to people who listen to the page. Assertive interrupts: for errors only. */
export function announce(text: string, how: Said['how'] = 'polite'): void {
  const said = { id: next++, text, how };
  announcements.set((now) => [...now.slice(-4), said]);
  setTimeout(() => announcements.set((now) => now.filter((one) => one !== said)), stays);
}
