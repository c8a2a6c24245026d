import { useState } from 'react';

/** Whether the customer is shown where there is no column: as a drawer, on a phone as a screen. */
export function useDetails(id: number | undefined) {
  // Remembered with its conversation: the next one begins without.
  const [shownFor, setShownFor] = useState<number>();
  const shown = id !== undefined && shownFor === id;
  return { shown, toggle: () => setShownFor(shown ? undefined : id), close: () => setShownFor(undefined) };
}
