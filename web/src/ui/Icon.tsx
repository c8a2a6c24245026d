import { clsx } from 'clsx';
import { directional, icons, type IconName } from '@/lib/icons';
import css from './Icon.module.css';

export type { IconName };

// Small drawings need a thicker line and large ones a thinner one to look alike.
const strokes: Record<number, number> = { 12: 1.75, 14: 1.6, 16: 1.5, 20: 1.3, 22: 1.2, 24: 1.1 };

interface Props {
  name: IconName;
  size?: 12 | 14 | 16 | 20 | 22 | 24;
  className?: string;
  /** Only for an icon that stands without words. */
  label?: string;
}

export function Icon({ name, size = 16, className, label }: Props) {
  return (
    <svg
      className={clsx(css.icon, directional.has(name) && css.directional, className)}
      width={size}
      height={size}
      viewBox="0 0 16 16"
      strokeWidth={strokes[size]}
      role={label ? 'img' : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : true}
      dangerouslySetInnerHTML={{ __html: icons[name] }}
    />
  );
}
