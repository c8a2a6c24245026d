/* The one place that knows left and right: it measures the screen. */

export interface Placement {
  side: 'bottom' | 'top';
  /** start and end follow the direction of reading. */
  align: 'start' | 'center' | 'end';
  gap?: number;
}

const margin = 8;

/** Puts a floating box beside its anchor, on the other side when there is no room, and never off the screen. */
export function place(box: HTMLElement, anchor: Element, { side, align, gap = 4 }: Placement): void {
  const from = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = box;
  const view = document.documentElement;
  const rtl = getComputedStyle(anchor).direction === 'rtl';
  const atLeft = (align === 'start') !== rtl;

  let x = atLeft ? from.left : from.right - width;
  if (align === 'center') x = (from.left + from.right - width) / 2;
  x = Math.max(margin, Math.min(x, view.clientWidth - width - margin));

  const below = from.bottom + gap;
  const above = from.top - gap - height;
  const fitsBelow = below + height <= view.clientHeight - margin;
  const fitsAbove = above >= margin;
  const wantsBelow = side === 'bottom' ? fitsBelow || !fitsAbove : !fitsAbove && fitsBelow;
  const y = wantsBelow ? Math.min(below, Math.max(margin, view.clientHeight - height - margin)) : Math.max(margin, above);

  box.style.left = `${Math.round(x)}px`;
  box.style.top = `${Math.round(y)}px`;
}
