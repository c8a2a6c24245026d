import { clsx } from 'clsx';
import type { ButtonHTMLAttributes, Ref } from 'react';
import { ariaKeys } from '@/lib/commands';
import { Icon, type IconName } from './Icon';
import { tip } from './Tooltip';
import css from './IconButton.module.css';

interface Props extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'aria-label' | 'children'> {
  icon: IconName;
  /** Its name, shown in the tooltip beside the key. */
  label: string;
  keys?: string;
  size?: 14 | 16 | 20 | 22;
  /** Shown as pressed: its menu or panel is open. */
  on?: boolean;
  /** It only closes the box it stands in, so the focus does not begin there. */
  'data-closes'?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

export function IconButton({ icon, label, keys, size = 16, on, className, ...rest }: Props) {
  return (
    <button
      type="button"
      {...rest}
      {...tip(label, keys)}
      className={clsx(css.button, on && css.on, className)}
      aria-label={label}
      aria-keyshortcuts={ariaKeys(keys)}
    >
      <Icon name={icon} size={size} />
    </button>
  );
}
