import { clsx } from 'clsx';
import { useT } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import type { Now } from './queries';
import { statusText } from './words';
import css from './Hours.module.css';

/** “Open now, closes at 17:00”, with a dot. */
export function Status({ now, zone }: { now: Now; zone: string }) {
  const t = useT();
  const at = useNow();
  return <span className={css.status}><i className={clsx(css.dot, now.open && css.isOpen)} />{statusText(now, zone, at, t)}</span>;
}
