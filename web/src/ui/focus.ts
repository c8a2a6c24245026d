// What only closes the box is no place to begin.
const focusable =
  'a[href],button:not(:disabled):not([data-closes]),input:not(:disabled):not([type=hidden]),select:not(:disabled),textarea:not(:disabled),[tabindex="0"],[contenteditable=true]';

/** Focuses what asks for it with data-autofocus, else the first thing that can have it, else the box itself. */
export function focusFirst(box: HTMLElement): void {
  const wanted = box.querySelector<HTMLElement>('[data-autofocus]') ?? box.querySelector<HTMLElement>(focusable) ?? box;
  wanted.focus({ preventScroll: true });
}
