import type { Id } from '@/api/types';
import { useRef, useState, type RefObject } from 'react';
import { momentLabel } from '@/lib/dates';
import { useT } from '@/lib/i18n';
import { parseWhen } from '@/lib/when';
import { Button } from '@/ui/Button';
import { Kbd } from '@/ui/Kbd';
import { moveFocus } from '@/ui/Menu';
import { Popover } from '@/ui/Popover';
import { Checkbox } from '@/ui/Toggle';
import { localInput, snoozeChoices } from './snooze';
import { useOpenChoices } from './useOpenChoices';
import css from './Pickers.module.css';

interface Props {
  anchor: RefObject<HTMLElement | null>;
  label: string;
  /** What the button says that takes a date of one's own. */
  set: string;
  side?: 'top' | 'bottom';
  /** Whose business hours the choices keep to. */
  inbox?: Id;
  /** Something else than a moment. */
  more?: { label: string; keys?: string; run: () => void };
  /** Whether it begins as “only if nobody has answered”; not offered when left out. */
  unanswered?: boolean;
  onChoose: (at: Date, unanswered: boolean) => void;
  onClose: () => void;
}

/** A moment to come: typed in words, one of those that are often meant, or a date. */
export function WhenPicker({ anchor, label, set, side, inbox, more, unanswered, onChoose, onClose }: Props) {
  const t = useT();
  const box = useRef<HTMLDivElement>(null);
  const [now] = useState(() => new Date());
  const [typed, setTyped] = useState('');
  const [only, setOnly] = useState(unanswered ?? false);
  const [own, setOwn] = useState(() => localInput(snoozeChoices(now).find((choice) => choice.key === 'snooze.tomorrow')!.at));
  const choices = useOpenChoices(now, inbox);
  const at = new Date(own);
  const isPast = !(at.getTime() > now.getTime());
  const meant = parseWhen(typed, now);
  const understood = meant && meant > now ? meant : undefined;
  const choose = (when: Date) => {
    onClose();
    onChoose(when, only);
  };
  return (
    <Popover anchor={anchor} label={label} onClose={onClose} align="end" side={side}>
      <div ref={box} className={css.snooze} onKeyDown={(event) => {
        const target = event.target as HTMLElement;
        if (target.tagName === 'BUTTON' || target.dataset.typed !== undefined && event.key === 'ArrowDown') {
          moveFocus(event, [...box.current!.querySelectorAll<HTMLElement>('[data-item]')]);
        }
      }}>
        <form className={css.typed} onSubmit={(event) => {
          event.preventDefault();
          if (understood) choose(understood);
        }}>
          <input
            data-autofocus data-typed className={css.date} aria-label={t('snooze.typed')} placeholder={t('snooze.typed')} value={typed} autoComplete="off"
            aria-invalid={typed !== '' && !understood ? true : undefined} onChange={(event) => setTyped(event.target.value)}
          />
          <span className={css.when} role="status">{understood ? momentLabel(understood, now.getTime()) : typed && t('snooze.unknown')}</span>
        </form>
        {choices.map((choice) => (
          <button key={choice.key} type="button" data-item className={css.choice} onClick={() => choose(choice.at)}>
            <span className="grow">{t(choice.key)}</span>
            <span className={css.when}>{momentLabel(choice.at, now.getTime())}</span>
          </button>
        ))}
        {more && (
          <button type="button" data-item className={css.choice} onClick={() => { onClose(); more.run(); }}>
            <span className="grow">{more.label}</span>
            {more.keys && <Kbd keys={more.keys} />}
          </button>
        )}
        {unanswered !== undefined && <Checkbox className={css.only} checked={only} onChange={setOnly}>{t('snooze.unanswered')}</Checkbox>}
        {(more || only) && <p className={css.hint}>{t(only ? 'snooze.unanswered_hint' : 'snooze.hint')}</p>}
        <form className={css.own} onSubmit={(event) => {
          event.preventDefault();
          if (!isPast) choose(at);
        }}>
          <label className="sr" htmlFor="snooze-own">{t('snooze.own')}</label>
          <input id="snooze-own" type="datetime-local" className={css.date} value={own} min={localInput(now)} onChange={(event) => setOwn(event.target.value)} aria-invalid={isPast || undefined} />
          <Button type="submit" size="sm" disabled={isPast}>{set}</Button>
        </form>
      </div>
    </Popover>
  );
}
