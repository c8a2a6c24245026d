import { clsx } from 'clsx';
import { useEffect, useLayoutEffect, useRef, type KeyboardEvent, type ReactNode, type RefObject } from 'react';
import { focusFirst } from './focus';
import { place, type Placement } from './place';
import css from './Popover.module.css';

interface Props {
  anchor: RefObject<HTMLElement | null>;
  onClose: () => void;
  children: ReactNode;
  label?: string;
  role?: 'dialog' | 'menu' | 'listbox' | 'presentation';
  id?: string;
  side?: Placement['side'];
  align?: Placement['align'];
  className?: string;
  /** Leaves the focus where it is, as a suggestion list under a field does. */
  keepFocus?: boolean;
  /** At least as wide as what it belongs to. */
  matchWidth?: boolean;
}

/**
 * A box in the top layer beside its anchor. Render it while it is open. Closes with Escape, a press outside
 * and when the focus leaves; gives the focus back to where it came from.
 */
export function Popover({
  anchor, onClose, children, label, role = 'dialog', id, side = 'bottom', align = 'start', className, keepFocus, matchWidth,
}: Props) {
  const box = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  // Giving the focus back is not leaving.
  const leaving = useRef(false);
  useEffect(() => {
    close.current = onClose;
  });

  useLayoutEffect(() => {
    const element = box.current!;
    leaving.current = false;
    const before = document.activeElement;
    const move = () => {
      if (!anchor.current) return;
      if (matchWidth) element.style.minWidth = `${anchor.current.offsetWidth}px`;
      place(element, anchor.current, { side, align });
    };
    element.showPopover?.();
    move();
    if (!keepFocus) focusFirst(element);
    const outside = (event: Event) => {
      const target = event.target as globalThis.Node;
      if (!element.contains(target) && !anchor.current?.contains(target)) close.current();
    };
    const sizes = new ResizeObserver(move);
    sizes.observe(element);
    window.addEventListener('resize', move);
    document.addEventListener('scroll', move, true);
    document.addEventListener('pointerdown', outside, true);
    return () => {
      sizes.disconnect();
      window.removeEventListener('resize', move);
      document.removeEventListener('scroll', move, true);
      document.removeEventListener('pointerdown', outside, true);
      const lost = element.contains(document.activeElement) || document.activeElement === document.body;
      leaving.current = true;
      if (lost && before instanceof HTMLElement) before.focus();
    };
  }, [anchor, side, align, keepFocus, matchWidth]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && !event.nativeEvent.isComposing) {
      event.preventDefault();
      event.stopPropagation();
      onClose();
    } else if (event.key === 'Tab' && role !== 'dialog') {
      onClose();
    } else {
      // Keys typed in here are not for the page under it.
      event.stopPropagation();
    }
  };

  return (
    <div
      ref={box}
      id={id}
      popover="manual"
      role={role}
      aria-label={label}
      tabIndex={-1}
      className={clsx(css.popover, className)}
      onKeyDown={onKeyDown}
      onBlur={(event) => {
        const to = event.relatedTarget as globalThis.Node | null;
        if (leaving.current) return;
        if (to && !box.current?.contains(to) && !anchor.current?.contains(to)) onClose();
      }}
    >
      {children}
    </div>
  );
}
