import { createStore, useStore, type Store } from './store';
import { recall, remember } from './storage';

/** What drawing a row aside does. */
export type Swipe = 'none' | 'close' | 'snooze' | 'assign_me' | 'unread';

/** What belongs to this browser and not to the account: widths, open panels and gestures. */
export interface Prefs {
  sidebarCollapsed: boolean;
  contextOpen: boolean;
  listWidth: number;
  swipeToEnd: Swipe;
  swipeToStart: Swipe;
}

const initial: Prefs = { sidebarCollapsed: false, contextOpen: true, listWidth: 360, swipeToEnd: 'close', swipeToStart: 'snooze' };

function read(): Prefs {
  try {
    return { ...initial, ...(JSON.parse(recall('prefs') ?? '{}') as Partial<Prefs>) };
  } catch {
    return initial;
  }
}

const store: Store<Prefs> = createStore(read());

export function usePrefs(): Prefs {
  return useStore(store);
}

export const prefsNow = store.get;

export function setPrefs(change: Partial<Prefs> | ((now: Prefs) => Partial<Prefs>)): void {
  store.set((now) => ({ ...now, ...(typeof change === 'function' ? change(now) : change) }));
  remember('prefs', store.get());
}
