import { clsx } from 'clsx';
import type { ReactNode } from 'react';
import { Icon, type IconName } from './Icon';
import css from './Chip.module.css';

/** The colours that the API names. */
export type TagColor = 'red' | 'amber' | 'green' | 'blue' | 'violet' | 'pink' | 'teal' | 'grey';

interface Props {
  children: ReactNode;
  /** Colour means something: ok done, warn soon, bad late or failed, info an event, accent new. */
  tone?: 'outline' | 'fill' | 'ok' | 'warn' | 'bad' | 'info' | 'accent';
  icon?: IconName;
  className?: string;
  lang?: string;
}

export function Chip({ children, tone = 'outline', icon, className, lang }: Props) {
  return (
    <span className={clsx(css.chip, css[tone], className)} lang={lang}>
      {icon && <Icon name={icon} size={12} />}
      {children}
    </span>
  );
}

const dots: Record<TagColor, string> = {
  red: 'var(--tagRed)', amber: 'var(--tagAmber)', green: 'var(--tagGreen)', blue: 'var(--tagBlue)',
  violet: 'var(--tagViolet)', pink: 'var(--tagPink)', teal: 'var(--tagTeal)', grey: 'var(--tagGrey)',
};

export function TagDot({ color }: { color: TagColor }) {
  return <i className={css.dot} style={{ background: dots[color] ?? dots.grey }} />;
}

/** A tag: outline and a dot of its colour. */
export function TagChip({ name, color, onRemove, removeLabel }: {
  name: string;
  color: TagColor;
  onRemove?: () => void;
  removeLabel?: string;
}) {
  return (
    <span className={clsx(css.chip, css.outline)}>
      <TagDot color={color} />
      <bdi>{name}</bdi>
      {onRemove && (
        <button type="button" className={css.remove} aria-label={removeLabel} onClick={onRemove}><Icon name="x" size={12} /></button>
      )}
    </span>
  );
}
