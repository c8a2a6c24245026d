import { clsx } from 'clsx';
import type { ButtonHTMLAttributes, Ref } from 'react';
import { ariaKeys } from '@/lib/commands';
import { Icon, type IconName } from './Icon';
import { Kbd } from './Kbd';
import css from './Button.module.css';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** One primary per surface. */
  variant?: 'primary' | 'outline' | 'ghost' | 'danger' | 'note';
  size?: 'sm' | 'md' | 'lg';
  icon?: IconName;
  /** The key that does the same; drawn inside the button. */
  keys?: string;
  /** The action is on its way: the button keeps its place and takes no second press. */
  busy?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({
  variant = 'outline', size = 'md', icon, keys, busy, className, children, onClick, ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={clsx(css.button, css[variant], css[size], className)}
      aria-keyshortcuts={ariaKeys(keys)}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      {icon && <Icon name={icon} size={14} />}
      {children}
      {keys && <Kbd keys={keys} />}
    </button>
  );
}
