import { keyCaps } from '@/lib/commands';
import { clsx } from 'clsx';
import css from './Kbd.module.css';

/** Key caps, such as <Kbd keys="mod+enter" />. Hidden from screen readers: the control carries aria-keyshortcuts. */
export function Kbd({ keys, className }: { keys: string; className?: string }) {
  return (
    <span className={clsx(css.caps, className)} aria-hidden="true">
      {keyCaps(keys).map((cap, at) => (
        <kbd key={at} className={css.cap}>{cap}</kbd>
      ))}
    </span>
  );
}
