import { clsx } from 'clsx';
import { useId, useState, type KeyboardEvent, type RefObject } from 'react';
import { useT } from '@/lib/i18n';
import { Icon } from '@/ui/Icon';
import { parse, tailOf, termText, type Query, type Term } from './query';
import { useSuggestions, useValueLabels, type Suggestion } from './suggestions';
import css from './SearchBox.module.css';

interface Props {
  input: RefObject<HTMLInputElement | null>;
  query: Query;
  onChange: (query: Query) => void;
  /** What is wrong, in words. */
  error?: string;
  /** The list of results, and the one that is marked in it. */
  results: string;
  active?: string;
  /** Keys that the box has no use for move in the results. */
  onKeyDown: (event: KeyboardEvent) => void;
}

const same = (a: Term) => (b: Term) => termText(a) === termText(b);

function merged(terms: readonly Term[], more: readonly Term[]): Term[] {
  return more.reduce<Term[]>((all, term) => (all.some(same(term)) ? all : [...all, term]), [...terms]);
}

/** One line for words, with the operators among them as chips. Backspace takes the last chip, Tab and Enter a suggestion. */
export function SearchBox({ input, query, onChange, error, results, active, onKeyDown }: Props) {
  const t = useT();
  const id = useId();
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState<number>();
  const tail = tailOf(query.words);
  const suggested = useSuggestions(tail);
  const shown = open && suggested.length > 0;
  const marked = shown ? Math.min(at ?? (tail.op ? 0 : -1), suggested.length - 1) : -1;

  const type = (text: string, composing: boolean) => {
    setOpen(true);
    setAt(undefined);
    if (composing) return onChange({ ...query, words: text });
    const { terms, words } = parse(text, true);
    onChange({ terms: merged(query.terms, terms), words: terms.length ? words.replace(/\s+$/u, ' ') : words });
  };
  const choose = (one: Suggestion) => {
    const before = query.words.slice(0, query.words.length - tail.text.length);
    setAt(undefined);
    input.current?.focus();
    if (one.value === undefined) onChange({ ...query, words: `${before}${tail.not ? '-' : ''}${one.op}:` });
    else onChange({ terms: merged(query.terms, [{ op: one.op, value: one.value, not: tail.not }]), words: before.trimStart() });
  };
  const remove = (index: number) => {
    onChange({ ...query, terms: query.terms.filter((_one, other) => other !== index) });
    input.current?.focus();
  };

  const keys = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const picks = marked >= 0 && (event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey;
    const whole = event.key === 'Enter' && parse(query.words).terms.length > 0;
    const field = event.currentTarget;
    if (shown && step) setAt((marked + step + suggested.length) % suggested.length);
    else if (picks) choose(suggested[marked]!);
    else if (shown && event.key === 'Escape') setOpen(false);
    else if (whole) {
      const { terms, words } = parse(query.words);
      onChange({ terms: merged(query.terms, terms), words });
    } else if (event.key === 'Backspace' && field.selectionStart === 0 && field.selectionEnd === 0 && query.terms.length) remove(query.terms.length - 1);
    else return onKeyDown(event);
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className={css.field} onBlur={(event) => event.currentTarget.contains(event.relatedTarget) || setOpen(false)}>
      <div className={clsx(css.box, error && css.wrong)} onClick={(event) => event.target === event.currentTarget && input.current?.focus()}>
        <Icon name="search" size={14} />
        {query.terms.map((term, index) => <Chip key={termText(term)} term={term} onRemove={() => remove(index)} />)}
        <input
          ref={input} type="text" inputMode="search" enterKeyHint="search" autoComplete="off" spellCheck={false} autoFocus
          role="combobox" aria-label={t('search.label')} aria-autocomplete="list" aria-expanded={shown || active !== undefined}
          aria-controls={shown ? id : results} aria-activedescendant={marked >= 0 ? `${id}-${marked}` : shown ? undefined : active}
          aria-invalid={error ? true : undefined} aria-describedby={error ? `${id}-error` : undefined}
          placeholder={query.terms.length ? undefined : t('search.label')} value={query.words}
          onChange={(event) => type(event.target.value, (event.nativeEvent as InputEvent).isComposing)}
          onFocus={() => setOpen(true)} onCompositionEnd={(event) => type(event.currentTarget.value, false)} onKeyDown={keys}
        />
        {(query.terms.length > 0 || query.words) && (
          <button type="button" className={css.clear} aria-label={t('search.clear')} onClick={() => { onChange({ terms: [], words: '' }); input.current?.focus(); }}>
            <Icon name="x" size={14} />
          </button>
        )}
      </div>
      {error && <div id={`${id}-error`} role="alert" className={css.error}><Icon name="warn" size={14} /><span>{error}</span></div>}
      {shown && (
        <ul id={id} role="listbox" aria-label={t('search.suggestions')} className={css.list}>
          {suggested.map((one, index) => (
            <li
              key={one.key} id={`${id}-${index}`} role="option" aria-selected={index === marked} className={clsx(css.option, index === marked && css.on)}
              onPointerMove={() => setAt(index)} onPointerDown={(event) => event.preventDefault()} onClick={() => choose(one)}
            >
              <bdi className="trunc">{one.label}</bdi>
              {one.detail && <span className={clsx('trunc', css.detail)}>{one.detail}</span>}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Chip({ term, onRemove }: { term: Term; onRemove: () => void }) {
  const t = useT();
  const label = useValueLabels()(term.op, term.value);
  const name = t(term.not ? 'search.chip_not' : 'search.chip', { operator: t(`search.op_${term.op}`), value: label });
  return (
    <span className={clsx(css.chip, term.not && css.not)} title={termText(term)}>
      <bdi className="trunc">{name}</bdi>
      <button
        type="button" className={css.remove} aria-label={t('search.remove', { name })} onClick={onRemove}
        onKeyDown={(event) => {
          if (event.key !== 'Backspace' && event.key !== 'Delete') return;
          event.preventDefault();
          onRemove();
        }}
      >
        <Icon name="x" size={12} />
      </button>
    </span>
  );
}
