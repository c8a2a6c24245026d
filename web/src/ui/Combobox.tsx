import { clsx } from 'clsx';
import { useId, useMemo, useRef, useState, type KeyboardEvent, type ReactNode, type RefObject } from 'react';
import { matchScore } from '@/lib/fold';
import { useT } from '@/lib/i18n';
import { Icon } from './Icon';
import { Popover } from './Popover';
import css from './Combobox.module.css';

export interface Choice<V> {
  value: V;
  label: string;
  /** Stands before the label: an avatar, a dot. */
  lead?: ReactNode;
  detail?: string;
  chosen?: boolean;
}

interface Props<V> {
  anchor: RefObject<HTMLElement | null>;
  label: string;
  placeholder?: string;
  choices: readonly Choice<V>[];
  onChoose: (value: V) => void;
  onClose: () => void;
  /** Stays open after a choice: for tags, of which there may be several. */
  multiple?: boolean;
  /** Offers to make what was typed when nothing has that very name. */
  create?: { label: (text: string) => string; run: (text: string) => void };
  align?: 'start' | 'end';
}

/** One filterable list in a popover: assign, tag, team, priority. Arrows move, Enter chooses, Escape closes. */
export function ComboboxPopover<V>({
  anchor, label, placeholder, choices, onChoose, onClose, multiple, create, align,
}: Props<V>) {
  const t = useT();
  const id = useId();
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const list = useRef<HTMLUListElement>(null);

  const found = useMemo(() => {
    if (!query.trim()) return choices;
    return choices
      .map((choice) => ({ choice, score: matchScore(`${choice.label} ${choice.detail ?? ''}`, query) }))
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score)
      .map(({ choice }) => choice);
  }, [choices, query]);

  const text = query.trim();
  const offersNew = create && text && !choices.some((choice) => choice.label === text);
  const total = found.length + (offersNew ? 1 : 0);
  const active = Math.min(at, total - 1);

  const choose = (index: number) => {
    const choice = found[index];
    if (choice) onChoose(choice.value);
    else if (offersNew) create.run(text);
    else return;
    if (multiple) setQuery('');
    else onClose();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const steps: Record<string, number> = { ArrowDown: active + 1, ArrowUp: active - 1, Home: 0, End: total - 1 };
    const to = steps[event.key];
    if (event.key === 'Enter') {
      event.preventDefault();
      choose(active);
    } else if (to !== undefined && total > 0 && (query === '' || event.key.startsWith('Arrow'))) {
      event.preventDefault();
      const next = (to + total) % total;
      setAt(next);
      list.current?.children[next]?.scrollIntoView({ block: 'nearest' });
    }
  };

  return (
    <Popover anchor={anchor} onClose={onClose} label={label} align={align}>
      <div className={css.box}>
        <div className={css.query}>
          <Icon name="search" size={14} />
          <input
            data-autofocus
            role="combobox"
            aria-label={label}
            aria-expanded="true"
            aria-controls={id}
            aria-autocomplete="list"
            aria-activedescendant={total > 0 ? `${id}-${active}` : undefined}
            placeholder={placeholder ?? label}
            value={query}
            onChange={(event) => {
              setQuery(event.target.value);
              setAt(0);
            }}
            onKeyDown={onKeyDown}
          />
        </div>
        <ul ref={list} id={id} role="listbox" aria-label={label} aria-multiselectable={multiple} className={css.list}>
          {found.map((choice, index) => (
            <li
              key={choice.label + index}
              id={`${id}-${index}`}
              role="option"
              aria-selected={choice.chosen ?? false}
              className={clsx(css.option, index === active && css.active)}
              onPointerMove={() => setAt(index)}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => choose(index)}
            >
              {choice.lead}
              <bdi className="grow trunc">{choice.label}</bdi>
              {choice.detail && <span className={css.detail}>{choice.detail}</span>}
              {choice.chosen && <Icon name="check" size={14} />}
            </li>
          ))}
          {offersNew && (
            <li
              id={`${id}-${found.length}`}
              role="option"
              aria-selected="false"
              className={clsx(css.option, active === found.length && css.active)}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => choose(found.length)}
            >
              <Icon name="plus" size={14} />
              <span className="grow trunc">{create.label(text)}</span>
            </li>
          )}
        </ul>
        {total === 0 && <p className={css.none} role="status">{t('ui.nothing_found')}</p>}
      </div>
    </Popover>
  );
}
