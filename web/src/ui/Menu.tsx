import { clsx } from 'clsx';
import { useRef, type KeyboardEvent, type RefObject } from 'react';
import { ariaKeys } from '@/lib/commands';
import { fold } from '@/lib/fold';
import { Icon, type IconName } from './Icon';
import { Kbd } from './Kbd';
import { Popover } from './Popover';
import type { Placement } from './place';
import css from './Menu.module.css';

export interface MenuItem {
  label: string;
  run: () => void;
  icon?: IconName;
  keys?: string;
  detail?: string;
  danger?: boolean;
  disabled?: boolean;
  /** Given for items of which one is chosen. */
  checked?: boolean;
  /** Draws a line above it. */
  separated?: boolean;
}

interface Props {
  anchor: RefObject<HTMLElement | null>;
  items: MenuItem[];
  label: string;
  onClose: () => void;
  side?: Placement['side'];
  align?: Placement['align'];
}

/** Moves the focus among the items of a list by arrows, Home, End and by typing. */
export function moveFocus(event: KeyboardEvent, items: HTMLElement[]): void {
  const at = items.indexOf(document.activeElement as HTMLElement);
  const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 };
  let to = steps[event.key];
  if (to === undefined && event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey) {
    const letter = fold(event.key);
    const order = [...items.slice(at + 1), ...items.slice(0, at + 1)];
    const found = order.find((item) => fold(item.textContent ?? '').trim().startsWith(letter));
    if (found) to = items.indexOf(found);
  }
  if (to === undefined || items.length === 0) return;
  event.preventDefault();
  items[(to + items.length) % items.length]?.focus();
}

export function Menu({ anchor, items, label, onClose, side, align }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    moveFocus(event, [...(list.current?.querySelectorAll<HTMLElement>('[data-item]') ?? [])]);
  };
  return (
    <Popover anchor={anchor} onClose={onClose} role="menu" label={label} side={side} align={align}>
      <div ref={list} className={css.menu} role="presentation" onKeyDown={onKeyDown}>
        {items.map((item) => (
          <button
            key={item.label}
            type="button"
            data-item
            data-autofocus={item.checked || undefined}
            role={item.checked === undefined ? 'menuitem' : 'menuitemradio'}
            aria-checked={item.checked}
            aria-keyshortcuts={ariaKeys(item.keys)}
            aria-disabled={item.disabled || undefined}
            tabIndex={-1}
            className={clsx(css.item, item.danger && css.danger, item.separated && css.separated)}
            onClick={() => {
              if (item.disabled) return;
              onClose();
              item.run();
            }}
          >
            {item.icon && <Icon name={item.icon} />}
            <span className="grow">{item.label}</span>
            {item.detail && <span className={css.detail}>{item.detail}</span>}
            {item.checked && <Icon name="check" size={14} />}
            {item.keys && <Kbd keys={item.keys} />}
          </button>
        ))}
      </div>
    </Popover>
  );
}
