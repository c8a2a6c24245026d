import { createStore } from './store';

/** What the two live regions of the page say. The number makes the same sentence speak twice. */
export const announcements = createStore({ polite: '', assertive: '', turn: 0 });

/** Says a sentence to people who listen to the page. Assertive interrupts: for errors only. */
export function announce(text: string, how: 'polite' | 'assertive' = 'polite'): void {
  announcements.set((now) => ({ ...now, [how]: text, turn: now.turn + 1 }));
}
