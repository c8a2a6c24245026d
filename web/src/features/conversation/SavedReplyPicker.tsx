import { useQuery, useQueryClient } from '@tanstack/react-query';
import { clsx } from 'clsx';
import { useDeferredValue, useId, useMemo, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import { filledQuery, repliesQuery, type ReplyKind, type SavedReply } from '@/api/replies';
import type { Id } from '@/api/types';
import { problemText } from '@/api/words';
import { fold } from '@/lib/fold';
import { localeNames, useT, type Locale } from '@/lib/i18n';
import { useIsPhone } from '@/lib/media';
import { Link } from '@/lib/router';
import { Icon } from '@/ui/Icon';
import { Popover } from '@/ui/Popover';
import { Writing } from './MessageBody';
import { takeSaved, type Taken } from './takeSaved';
import css from './SavedReplyPicker.module.css';

interface Props {
  anchor: RefObject<HTMLElement | null>;
  conversation: Id;
  onPick: (taking: Promise<Taken>) => void;
  onClose: (typed?: string) => void;
}

type Row = { kind: ReplyKind; reply: SavedReply };

/** Saved replies and macros by use and words; beside them, the one chosen as it would stand in this conversation. */
export function SavedReplyPicker({ anchor, conversation, onPick, onClose: close }: Props) {
  const t = useT();
  const id = useId();
  const queries = useQueryClient();
  const isPhone = useIsPhone();
  const replies = useQuery(repliesQuery('saved-replies'));
  const macros = useQuery(repliesQuery('macros'));
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const [locale, setLocale] = useState('');
  const list = useRef<HTMLDivElement>(null);
  const done = useRef(false);
  // Escape and the focus that leaves with it are one ending.
  const onClose = (typed?: string) => {
    if (done.current) return;
    done.current = true;
    close(typed);
  };
  const rows = useMemo(() => find([
    ...(replies.data ?? []).map((reply) => ({ kind: 'saved-replies' as const, reply })),
    ...(macros.data ?? []).map((reply) => ({ kind: 'macros' as const, reply })),
  ], query), [replies.data, macros.data, query]);
  const active = Math.min(at, rows.length - 1);
  const row = rows[active];
  const shown = useDeferredValue(row);

  const pick = (one: Row | undefined) => {
    if (!one || done.current) return;
    done.current = true;
    onPick(takeSaved(queries, conversation, { ...one, locale }));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Enter') {
      event.preventDefault();
      pick(row);
    } else if (event.key === 'Backspace' && query === '') {
      event.preventDefault();
      onClose('');
    } else if (step && rows.length) {
      event.preventDefault();
      const next = (active + step + rows.length) % rows.length;
      setAt(next);
      setLocale('');
      list.current?.querySelectorAll('[role=option]')[next]?.scrollIntoView({ block: 'nearest' });
    }
  };

  return (
    <Popover anchor={anchor} side="top" align="start" label={t('saved.title')} onClose={() => onClose(query)} className={css.popover}>
      <div className={css.query}>
        <Icon name="search" size={14} />
        <input
          data-autofocus role="combobox" aria-label={t('saved.search')} aria-expanded="true" aria-controls={id} aria-autocomplete="list"
          aria-activedescendant={row ? `${id}-${active}` : undefined} placeholder={t('saved.search')} value={query} onKeyDown={onKeyDown}
          onChange={(event) => {
            setQuery(event.target.value);
            setAt(0);
            setLocale('');
          }}
        />
        <Link to="/settings/replies" className={css.manage}>{t('saved.manage')}</Link>
      </div>
      <div className={css.halves}>
        <div ref={list} id={id} role="listbox" aria-label={t('saved.title')} className={css.rows}>
          {rows.map((one, index) => (
            <div
              key={`${one.kind}-${one.reply.id}`} id={`${id}-${index}`} role="option" aria-selected={index === active}
              className={clsx(css.row, index === active && css.on)}
              onPointerMove={() => index !== active && (setAt(index), setLocale(''))} onPointerDown={(event) => event.preventDefault()} onClick={() => pick(one)}
            >
              <Icon name={one.kind === 'macros' ? 'bolt' : 'chat'} size={14} />
              <span className={css.words}>
                <bdi className="trunc">{one.reply.name}</bdi>
                {one.reply.folder && <span className={clsx(css.folder, 'trunc')}>{one.reply.folder}</span>}
              </span>
              {!one.reply.shared && <span className={css.own}>{t('saved.own')}</span>}
            </div>
          ))}
          {replies.isSuccess && macros.isSuccess && !rows.length && <p className={css.none} role="status">{t(query ? 'ui.nothing_found' : 'saved.none')}</p>}
        </div>
        {!isPhone && shown && <Preview key={`${shown.kind}-${shown.reply.id}`} row={shown} conversation={conversation} locale={locale} onLocale={setLocale} />}
      </div>
    </Popover>
  );
}

function find(rows: Row[], query: string): Row[] {
  const words = fold(query).split(/\s+/).filter(Boolean);
  const fits = ({ reply }: Row) => {
    if (reply.expired) return false;
    const text = fold(`${reply.name} ${reply.folder} ${Object.values(reply.texts).join(' ')}`);
    return words.every((word) => text.includes(word));
  };
  const used = (row: Row) => row.reply.last_used_at ?? '';
  const named = ({ reply }: Row) => words.length > 0 && fold(reply.name).startsWith(words[0]!);
  return rows.filter(fits).sort((a, b) => Number(named(b)) - Number(named(a)) || used(b).localeCompare(used(a)) || b.reply.uses - a.reply.uses).slice(0, 100);
}

function Preview({ row, conversation, locale, onLocale }: { row: Row; conversation: Id; locale: string; onLocale: (locale: string) => void }) {
  const t = useT();
  const filled = useQuery(filledQuery(row.kind, row.reply.id, conversation, locale));
  const languages = Object.keys(row.reply.texts) as Locale[];
  return (
    <div className={css.preview} aria-live="polite">
      <div className={css.text} tabIndex={0}>
        {filled.isError && <p className={css.bad}>{problemText(filled.error)}</p>}
        {filled.data && (filled.data.html ? <Writing text={filled.data.text} html={filled.data.html} /> : <p className="muted">{t('saved.only_actions')}</p>)}
        {(filled.data?.actions.tasks ?? []).map((task, index) => <p key={index} className={css.task}><Icon name="checkCircle" size={14} /><bdi>{task.text}</bdi></p>)}
      </div>
      {(filled.data?.missing.length ?? 0) > 0 && (
        <p className={css.missing}><Icon name="warn" size={14} />{t('saved.missing', { names: filled.data!.missing.join(', ') })}</p>
      )}
      {languages.length > 1 && (
        <div className={css.languages} role="group" aria-label={t('saved.language')}>
          {languages.map((one) => (
            <button key={one} type="button" aria-pressed={one === filled.data?.locale} className={clsx(css.language, one === filled.data?.locale && css.on)} onClick={() => onLocale(one)}>
              {localeNames[one]}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
