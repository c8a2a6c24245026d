import { useLayoutEffect, useState } from 'react';

interface Moved {
  /** The data-row of the controls of what was moved. */
  row: string;
  /** The data-way of the one that moved it. */
  way?: -1 | 1;
}

/**
 * Keeps the focus with what a control in a list moved: it stands at another place in the page then, where the browser
 * lets go of the focus, and at an end of the list its button is off. Call the answer with what was moved.
 */
export function useMovedFocus(order: unknown): (moved: Moved) => void {
  const [moved, setMoved] = useState<Moved>();
  useLayoutEffect(() => {
    const now = document.activeElement;
    if (!moved || (now instanceof HTMLElement && now.dataset.row === moved.row && !now.matches(':disabled'))) return;
    const controls = [...document.querySelectorAll<HTMLElement>(`[data-row="${CSS.escape(moved.row)}"]`)].filter((one) => !one.matches(':disabled'));
    const same = (one: HTMLElement) => one.dataset.way === (moved.way && String(moved.way));
    (controls.find(same) ?? controls.find((one) => moved.way && one.dataset.way) ?? controls[0])?.focus();
  }, [moved, order]);
  return setMoved;
}
