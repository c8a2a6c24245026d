import { useSyncExternalStore } from 'react';

// One clock for the page: it ticks each second while somebody looks and stops when the tab is hidden.
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function tick() {
  now = Date.now();
  for (const listener of [...listeners]) listener();
}

function run() {
  const wanted = listeners.size > 0 && document.visibilityState === 'visible';
  if (wanted && !timer) timer = setInterval(tick, 1000);
  if (!wanted && timer) {
    clearInterval(timer);
    timer = undefined;
  }
}

document.addEventListener('visibilitychange', () => {
  run();
  if (timer) tick();
});

function subscribe(listener: () => void) {
  if (listeners.size === 0) now = Date.now();
  listeners.add(listener);
  run();
  return () => {
    listeners.delete(listener);
    run();
  };
}

/** The time in milliseconds, renewed each step (60 s unless told); only a changed step renders again. */
export function useNow(step = 60_000): number {
  return useSyncExternalStore(subscribe, () => Math.floor(now / step) * step);
}
