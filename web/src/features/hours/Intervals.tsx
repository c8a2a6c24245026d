import { useId, useRef } from 'react';
import { useT } from '@/lib/i18n';
import { Icon } from '@/ui/Icon';
import { IconButton } from '@/ui/IconButton';
import type { Interval } from './queries';
import { another, maxIntervals, shownEnd, typedEnd } from './values';
import css from './Hours.module.css';

interface Props {
  /** The day that it is about. */
  name: string;
  list: readonly Interval[];
  error?: string;
  onChange: (list: Interval[]) => void;
}

/** When the shop is open on one day; without any it is closed. */
export function Intervals({ name, list, error, onChange }: Props) {
  const t = useT();
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const set = (at: number, change: Partial<Interval>) => onChange(list.map((one, index) => (index === at ? { ...one, ...change } : one)));
  const focus = (at: number) => setTimeout(() => box.current?.querySelectorAll<HTMLElement>('[data-from], [data-add]')[at]?.focus());
  const wiring = { 'aria-invalid': error ? (true as const) : undefined, 'aria-describedby': error ? id : undefined };
  return (
    <div ref={box} className={css.intervals}>
      <div className={css.list}>
        {list.length === 0 && <span className={css.closed}>{t('hours.closed')}</span>}
        {list.map(({ from, to }, at) => (
          <div key={at} className={css.interval} role="group" aria-label={t('hours.interval', { day: name, number: at + 1 })}>
            <input {...wiring} data-from type="time" required className={css.time} aria-label={t('hours.from')} value={from} onChange={(event) => set(at, { from: event.target.value })} />
            <span aria-hidden="true">–</span>
            <input {...wiring} type="time" required className={css.time} aria-label={t('hours.to')} value={shownEnd(to)} onChange={(event) => set(at, { to: typedEnd(event.target.value) })} />
            <IconButton
              icon="x" label={t('hours.remove_interval', { day: name, number: at + 1 })}
              onClick={() => {
                onChange(list.filter((_, index) => index !== at));
                focus(Math.max(0, at - 1));
              }}
            />
          </div>
        ))}
        {error && <p id={id} className={css.error}><Icon name="warn" size={14} />{error}</p>}
      </div>
      {list.length < maxIntervals && (
        <IconButton
          data-add icon="plus" label={t('hours.add_interval', { day: name })}
          onClick={() => {
            onChange([...list, another(list)]);
            focus(list.length);
          }}
        />
      )}
    </div>
  );
}
