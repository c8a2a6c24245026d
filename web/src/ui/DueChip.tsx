import { clsx } from 'clsx';
import { fullTime, shortSpan } from '@/lib/dates';
import { useT } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { Icon } from './Icon';
import css from './DueChip.module.css';

const minute = 60_000;

/** How near a promise is: amber in its last quarter or half hour, red when it is late. */
export function dueTone(now: number, due: number, since: number | undefined): 'quiet' | 'warn' | 'bad' {
  const left = due - now;
  if (left < 0) return 'bad';
  if (left <= 30 * minute) return 'warn';
  return since !== undefined && left <= (due - since) / 4 ? 'warn' : 'quiet';
}

interface Props {
  due: string;
  /** Since when the customer waits. */
  since?: string | null;
  /** With the word after the figure, where there is room for it. */
  words?: boolean;
}

/** What is left of a promise: 2d, 42m, 4:31, +12m. Ticks each second only in its last minutes. */
export function DueChip({ due, since, words }: Props) {
  const t = useT();
  const at = Date.parse(due);
  const coarse = useNow(minute);
  const now = useNow(Math.abs(at - coarse) < 6 * minute ? 1000 : minute);
  const late = now > at;
  const span = shortSpan(at - now);
  const tone = dueTone(now, at, since ? Date.parse(since) : undefined);
  return (
    <span className={clsx(css.due, css[tone])} title={t(late ? 'due.late_since' : 'due.until', { time: fullTime(at) })}>
      <Icon name="clock" size={12} />
      {!words && <span aria-hidden="true">{late ? `+${span}` : span}</span>}
      <span className={words ? undefined : 'sr'}>{t(late ? 'due.late' : 'due.left', { span })}</span>
    </span>
  );
}

/** A clock that rests: the customer has the next word, or it sleeps until a moment. */
export function RestChip({ children, icon = 'pause' }: { children: string; icon?: 'pause' | 'moon' | 'check' }) {
  return <span className={css.due}><Icon name={icon} size={12} />{children}</span>;
}
