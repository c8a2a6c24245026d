import { useCallback, useLayoutEffect, useRef, useState } from 'react';

const spare = 6;

export interface Part {
  from: number;
  /** The row after the last. */
  to: number;
}

/** The rows that must exist for what is in sight, with a few more on both sides. */
export function partInSight(top: number, view: number, height: number, count: number): Part {
  const from = Math.max(0, Math.floor(top / height) - spare);
  return { from, to: Math.min(count, Math.ceil((top + view) / height) + spare) };
}

/** Rows of one height, of which only those in sight are made. Renders again when the part changes, not with each pixel. */
export function useWindow(count: number, height: number) {
  const box = useRef<HTMLDivElement>(null);
  const [sight, setSight] = useState({ top: 0, view: 900 });
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const look = () => {
      const top = Math.floor(element.scrollTop / height) * height;
      const view = element.clientHeight;
      setSight((now) => (now.top === top && now.view === view ? now : { top, view }));
    };
    look();
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      sizes.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [height]);

  const show = useCallback((index: number) => {
    const element = box.current;
    if (!element) return;
    const top = index * height;
    if (top < element.scrollTop) element.scrollTo({ top });
    else if (top + height > element.scrollTop + element.clientHeight) element.scrollTo({ top: top + height - element.clientHeight });
  }, [height]);

  return { ...partInSight(sight.top, sight.view + height, height, count), show, box };
}
