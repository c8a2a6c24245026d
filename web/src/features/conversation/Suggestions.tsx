import type { SuggestionProps } from '@tiptap/suggestion';
import { clsx } from 'clsx';
import { useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { place } from '@/ui/place';
import css from './Composer.module.css';

interface Props<T> {
  asking: SuggestionProps<T>;
  label: string;
  keyOf: (one: T) => string;
  row: (one: T) => ReactNode;
  /** Takes over the keys while the list is open. */
  onKeys: (take: (event: KeyboardEvent) => boolean) => void;
}

/** What the word at the caret may mean; the caret stays in the text. */
export function Suggestions<T>({ asking, label, keyOf, row, onKeys }: Props<T>) {
  const box = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  const active = Math.min(at, asking.items.length - 1);

  useEffect(() => {
    onKeys((event) => {
      const total = asking.items.length;
      if (!total) return false;
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        setAt((active + (event.key === 'ArrowDown' ? 1 : total - 1)) % total);
        return true;
      }
      if (event.key !== 'Enter' && event.key !== 'Tab') return false;
      asking.command(asking.items[active]!);
      return true;
    });
    return () => onKeys(() => false);
  }, [asking, active, onKeys]);

  useLayoutEffect(() => {
    const rect = asking.clientRect?.();
    if (!box.current || !rect) return;
    box.current.showPopover?.();
    const caret = Object.assign(document.createElement('i'), { getBoundingClientRect: () => rect });
    place(box.current, caret, { side: 'top', align: 'start' });
  }, [asking]);

  if (!asking.items.length) return null;
  return (
    <div ref={box} popover="manual" role="listbox" aria-label={label} className={css.mentions}>
      {asking.items.map((one, index) => (
        <div
          key={keyOf(one)} role="option" aria-selected={index === active} className={clsx(css.mentionRow, index === active && css.active)}
          onPointerMove={() => setAt(index)}
          onPointerDown={(event) => {
            event.preventDefault();
            asking.command(one);
          }}
        >
          {row(one)}
        </div>
      ))}
    </div>
  );
}
