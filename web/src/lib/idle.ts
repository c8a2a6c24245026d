/** When there is nothing else to do, soon all the same. */
export const idle = (work: () => void, patience = 3000) =>
  ('requestIdleCallback' in window ? window.requestIdleCallback(work, { timeout: patience }) : setTimeout(work, Math.min(patience, 1200)));
