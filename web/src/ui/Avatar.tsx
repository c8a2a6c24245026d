import { clsx } from 'clsx';
import { hueOf, initials } from '@/lib/formats';
import { Mark } from './Mark';
import css from './Avatar.module.css';

interface Props {
  name: string;
  /** What the colour hangs on, so that it stays when the name changes. */
  seed?: string | number;
  size?: 16 | 18 | 20 | 22 | 28 | 36 | 48;
  /** Customers are soft tints, teammates solid, the bot ink with the mark. */
  kind?: 'customer' | 'agent' | 'bot';
  presence?: 'online' | 'away';
  /** A colleague inside this conversation; typing always comes with words beside it. */
  ring?: 'viewing' | 'typing';
  /** Only where no name stands beside it. */
  label?: string;
  className?: string;
}

export function Avatar({ name, seed, size = 20, kind = 'customer', presence, ring, label, className }: Props) {
  return (
    <span
      className={clsx(css.avatar, css[kind], css[`hue${hueOf(seed ?? name)}`], ring && css.ring, ring === 'typing' && css.typing, className)}
      style={{ width: size, height: size, fontSize: size * 0.4 }}
      role={label ? 'img' : undefined}
      aria-label={label}
      aria-hidden={label ? undefined : true}
    >
      {kind === 'bot' ? <Mark size={size * 0.6} /> : initials(name)}
      {presence && <i className={clsx(css.presence, presence === 'away' && css.away)} />}
    </span>
  );
}
