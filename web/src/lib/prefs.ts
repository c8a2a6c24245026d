import { createStore, useStore, type Store } from './store';
import { recall, remember } from './storage';

/** What belongs to this browser and not to the account: widths and open panels. */
export interface Prefs {
  sidebarCollapsed: boolean;
  contextOpen: boolean;
  listWidth: number;
  /** From when gestures belonged to the browser; features/view/swipes.ts moves them to the account. */
  swipeToEnd?: string;
  swipeToStart?: string;
}

const initial: Prefs = { sidebarCollapsed: false, contextOpen: true, listWidth: 360 };

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
