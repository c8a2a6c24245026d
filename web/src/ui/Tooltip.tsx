import { useEffect, useRef, useState } from 'react';
import { Kbd } from './Kbd';
import { place } from './place';
import css from './Tooltip.module.css';

/** Attributes that give any element a tooltip. The text repeats the accessible name, so it is not read twice. */
export function tip(text: string, keys?: string) {
  return { 'data-tip': text, 'data-tip-keys': keys };
}

interface Shown {
  anchor: HTMLElement;
  text: string;
  keys?: string;
}

const delay = 400;

/** One tooltip for the whole page: follows the pointer and the keyboard focus. Rendered once, by the shell. */
export function TooltipLayer() {
  const [shown, setShown] = useState<Shown>();
  const box = useRef<HTMLDivElement>(null);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let open = false;
    const hide = () => {
      clearTimeout(timer);
      open = false;
      setShown(undefined);
    };
    const show = (anchor: HTMLElement) => {
      open = true;
      setShown({ anchor, text: anchor.dataset.tip!, keys: anchor.dataset.tipKeys });
    };
    const find = (event: Event) =>
      event.target instanceof Element ? event.target.closest<HTMLElement>('[data-tip]') : null;
    const over = (event: PointerEvent) => {
      if (event.pointerType === 'touch') return;
      const anchor = find(event);
      clearTimeout(timer);
      if (anchor) timer = setTimeout(() => show(anchor), open ? 0 : delay);
      else if (open && !box.current?.contains(event.target as globalThis.Node)) hide();
    };
    const focus = (event: FocusEvent) => {
      const anchor = find(event);
      if (anchor?.matches(':focus-visible')) show(anchor);
    };
    document.addEventListener('pointerover', over);
    document.addEventListener('focusin', focus);
    const closing = ['pointerdown', 'keydown', 'focusout', 'wheel'] as const;
    for (const name of closing) document.addEventListener(name, hide, { passive: true });
    return () => {
      clearTimeout(timer);
      document.removeEventListener('pointerover', over);
      document.removeEventListener('focusin', focus);
      for (const name of closing) document.removeEventListener(name, hide);
    };
  }, []);

  useEffect(() => {
    if (!shown || !box.current) return;
    box.current.showPopover?.();
    place(box.current, shown.anchor, { side: 'bottom', align: 'center', gap: 6 });
  }, [shown]);

  if (!shown) return null;
  return (
    <div key={shown.text} ref={box} popover="manual" role="tooltip" aria-hidden="true" className={css.tip}>
      {shown.text}
      {shown.keys && <Kbd keys={shown.keys} />}
    </div>
  );
}
