import { useInfiniteQuery } from '@tanstack/react-query';
import { clsx } from 'clsx';
import { lazy, Suspense, useDeferredValue, useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { isProblem } from '@/api/problem';
import type { SearchHit } from '@/api/types';
import { openSide } from '@/api/openSide';
import { problemText } from '@/api/words';
import { fullTime, listTime } from '@/lib/dates';
import { useT } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { Link, navigate, setSearch, type PageProps, type Target } from '@/lib/router';
import { Button } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { Icon } from '@/ui/Icon';
import { Page } from '@/ui/Page';
import { Patient, Skeleton } from '@/ui/Skeleton';
import { foundQuery } from './found';
import { operators, parse, queryText, tailOf, type Operator, type Query } from './query';
import { SearchBox } from './SearchBox';
import { snippetPieces } from './snippet';
import { isWhole, useSuggestions } from './suggestions';
import css from './SearchPage.module.css';

const SaveSearch = lazy(() => import('./SaveSearch').then((m) => ({ default: m.SaveSearch })));

const pause = 180;
const longest = 1000;
/** Pages without a result that are passed over before somebody is asked. */
const patience = 10;

function target(hit: SearchHit): Target {
  if (hit.type === 'customer') return { to: '/customers/$customerId', params: { customerId: String(hit.id) } };
  return { to: '/inbox/$view/$conversationId', params: { view: 'open', conversationId: String(hit.conversation_id ?? hit.id) } };
}

// A message that stands aside is read there.
function showAside(hit: SearchHit) {
  if (hit.side_conversation_id && hit.conversation_id) openSide.set({ conversation: hit.conversation_id, side: hit.side_conversation_id });
}

/** What is looked for now: an operator that is not finished yet is left out. */
function useLookedFor(query: Query): string {
  const tail = tailOf(query.words);
  const suggested = useSuggestions(tail);
  const unfinished = tail.op !== undefined && !isWhole({ op: tail.op, value: tail.value }, suggested);
  return queryText(unfinished ? { ...query, words: query.words.slice(0, query.words.length - tail.text.length) } : query);
}

/** The query as it is typed, the address after a pause, and back again when the address changes by itself. */
function useQueryInAddress(q: string) {
  const [query, setQuery] = useState<Query>(() => parse(q));
  const written = useRef(q);
  useEffect(() => {
    if (q === written.current) return;
    written.current = q;
    setQuery(parse(q));
  }, [q]);
  const text = useLookedFor(query);
  const tooLong = [...text].length > longest;
  useEffect(() => {
    const timer = setTimeout(() => {
      if (text === written.current || tooLong) return;
      written.current = text;
      setSearch<'/search'>({ q: text || undefined });
    }, pause);
    return () => clearTimeout(timer);
  }, [text, tooLong]);
  return { query, setQuery, tooLong };
}

/** Everything that was ever written, newest first. Down moves into the results, Enter opens. */
export function SearchPage({ search }: PageProps<'/search'>) {
  const t = useT();
  const text = (search.q ?? '').trim();
  const { query, setQuery, tooLong } = useQueryInAddress(text);
  const [at, setAt] = useState(0);
  const [saving, setSaving] = useState(false);
  const list = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const found = useInfiniteQuery(foundQuery(text));
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = found;
  const pages = found.data?.pages;
  const hits = useMemo(() => (text ? (pages?.flatMap((page) => page.items) ?? []) : []), [pages, text]);
  const active = Math.min(at, hits.length - 1);
  const refused = isProblem(found.error) && found.error.status === 422;
  const error = tooLong ? t('search.too_long') : text && refused && isProblem(found.error) ? (found.error.fieldError('q') ?? problemText(found.error)) : undefined;
  const searching = !hits.length && hasNextPage && (pages?.length ?? 0) < patience && !error;
  useEffect(() => {
    if (searching && !isFetchingNextPage) void fetchNextPage();
  }, [searching, isFetchingNextPage, fetchNextPage]);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step && hits.length) {
      event.preventDefault();
      const next = Math.max(0, Math.min(hits.length - 1, active + step));
      setAt(next);
      list.current?.children[next]?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter' && hits[active]) {
      event.preventDefault();
      showAside(hits[active]);
      void navigate(target(hits[active]));
    }
  };
  const begin = (op: Operator) => {
    setQuery({ ...query, words: [query.words.trim(), `${op}:`].filter(Boolean).join(' ') });
    input.current?.focus();
  };

  return (
    <Page title={t('nav.search')} column actions={query.terms.length > 0 && !error && <Button size="sm" onClick={() => setSaving(true)}>{t('search.save')}</Button>}>
      <SearchBox
        input={input} query={query} error={error} results="hits" active={hits.length ? `hit-${active}` : undefined} onKeyDown={onKeyDown}
        onChange={(next) => {
          setQuery(next);
          setAt(0);
        }}
      />
      {!text && !tooLong && <Start onBegin={begin} />}
      {text && !error && (found.isPending || searching) && <Patient label={t('ui.loading')}>{[0, 1, 2].map((one) => <Skeleton key={one} height={44} />)}</Patient>}
      {text && found.error && !refused && !found.data && (
        <EmptyState title={t('search.failed')} actions={<Button onClick={() => void found.refetch()}>{t('error.retry')}</Button>}>{problemText(found.error)}</EmptyState>
      )}
      {text && !error && found.data && !hits.length && !searching && <Nothing text={text} more={hasNextPage} />}
      <div ref={list} id="hits" role="listbox" aria-label={t('search.results')} className={clsx(css.hits, found.isPlaceholderData && css.old)}>
        {!error && hits.map((hit, index) => <Hit key={`${hit.type}-${hit.id}`} hit={hit} id={`hit-${index}`} active={index === active} onPoint={() => setAt(index)} />)}
      </div>
      {text && !error && hasNextPage && !searching && <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t('list.more')}</Button>}
      {text && found.data && <div className="sr" role="status">{t('palette.count', { count: hits.length })}</div>}
      {saving && <Suspense><SaveSearch text={queryText({ terms: query.terms, words: query.words })} onClose={() => setSaving(false)} /></Suspense>}
    </Page>
  );
}

function Nothing({ text, more }: { text: string; more: boolean }) {
  const t = useT();
  const { terms, words } = useDeferredValue(useMemo(() => parse(text), [text]));
  if (more) return <EmptyState title={t('search.none_yet')}>{t('search.none_yet_text')}</EmptyState>;
  return <EmptyState title={words ? t('search.none_title', { words }) : t('search.none_filters')}>{terms.length ? t('search.none_text_filters') : t('search.none_text')}</EmptyState>;
}

/** Before anything is typed: what can be looked for, each to be begun with a press. */
function Start({ onBegin }: { onBegin: (op: Operator) => void }) {
  const t = useT();
  return (
    <>
      <EmptyState title={t('search.start_title')}>{t('search.start_text')}</EmptyState>
      <div className={css.operators} role="group" aria-label={t('search.operators')}>
        {operators.map((op) => (
          <button key={op} type="button" className={css.operator} onClick={() => onBegin(op)}>
            <code>{op}:</code>
            <span>{t(`search.about_${op}`)}</span>
          </button>
        ))}
      </div>
    </>
  );
}

const icons = { message: 'chat', conversation: 'mail', customer: 'user' } as const;

function Hit({ hit, id, active, onPoint }: { hit: SearchHit; id: string; active: boolean; onPoint: () => void }) {
  const now = useNow();
  return (
    <Link {...target(hit)} onClick={() => showAside(hit)} id={id} role="option" aria-selected={active} tabIndex={-1} className={clsx(css.hit, active && css.active)} onPointerMove={onPoint}>
      <Icon name={icons[hit.type] ?? 'mail'} />
      <span className={css.words}>
        <Marked className={css.title} text={hit.title} />
        <Marked className={css.snippet} text={hit.snippet} />
      </span>
      <time dateTime={hit.at} title={fullTime(hit.at)}>{listTime(hit.at, now)}</time>
    </Link>
  );
}

function Marked({ text, className }: { text: string; className: string | undefined }) {
  return (
    <span className={className} dir="auto">
      {snippetPieces(text).map((piece, at) => (piece.hit ? <mark key={at}>{piece.text}</mark> : piece.text))}
    </span>
  );
}
