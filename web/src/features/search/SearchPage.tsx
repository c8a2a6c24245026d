import { useInfiniteQuery } from '@tanstack/react-query';
import { clsx } from 'clsx';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { api } from '@/api/client';
import type { Page as PageOf, SearchHit } from '@/api/types';
import { problemText } from '@/api/words';
import { fullTime, listTime } from '@/lib/dates';
import { useT } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { Link, navigate, setSearch, type PageProps, type Target } from '@/lib/router';
import { Button } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { Input } from '@/ui/Field';
import { Icon } from '@/ui/Icon';
import { Page } from '@/ui/Page';
import { Patient, Skeleton } from '@/ui/Skeleton';
import { snippetPieces } from './snippet';
import css from './SearchPage.module.css';

const pause = 180;

function target(hit: SearchHit): Target {
  if (hit.type === 'customer') return { to: '/customers/$customerId', params: { customerId: String(hit.id) } };
  return { to: '/inbox/$view/$conversationId', params: { view: 'open', conversationId: String(hit.conversation_id ?? hit.id) } };
}

/** Everything that was ever written, newest first. Down moves into the results, Enter opens. */
export function SearchPage({ search }: PageProps<'/search'>) {
  const t = useT();
  const words = (search.q ?? '').trim();
  const [text, setText] = useState(search.q ?? '');
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const timer = setTimeout(() => text.trim() !== words && setSearch<'/search'>({ q: text.trim() || undefined }), pause);
    return () => clearTimeout(timer);
  }, [text, words]);
  const found = useInfiniteQuery({
    queryKey: ['search', 'page', words], enabled: words !== '',
    queryFn: ({ pageParam, signal }) => api.get<PageOf<SearchHit>>('/search', { query: { q: words, cursor: pageParam }, signal }),
    initialPageParam: '', getNextPageParam: (last) => last.next || undefined, placeholderData: (before) => before, staleTime: 15_000,
  });
  const hits = useMemo(() => (words ? (found.data?.pages.flatMap((page) => page.items) ?? []) : []), [found.data, words]);
  const active = Math.min(at, hits.length - 1);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step && hits.length) {
      event.preventDefault();
      const next = Math.max(0, Math.min(hits.length - 1, active + step));
      setAt(next);
      list.current?.children[next]?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter' && hits[active]) {
      event.preventDefault();
      void navigate(target(hits[active]));
    }
  };

  return (
    <Page title={t('nav.search')} column>
      <div onKeyDown={onKeyDown}>
        <Input
          label={t('search.label')} hideLabel icon="search" placeholder={t('search.label')} value={text} autoFocus type="search" role="combobox"
          aria-expanded={hits.length > 0} aria-controls="hits" aria-activedescendant={hits.length ? `hit-${active}` : undefined}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
        />
      </div>
      {!words && <EmptyState title={t('search.start_title')}>{t('search.start_text')}</EmptyState>}
      {words && found.isPending && <Patient label={t('ui.loading')}>{[0, 1, 2].map((one) => <Skeleton key={one} height={44} />)}</Patient>}
      {words && found.error && !found.data && (
        <EmptyState title={t('search.failed')} actions={<Button onClick={() => void found.refetch()}>{t('error.retry')}</Button>}>{problemText(found.error)}</EmptyState>
      )}
      {words && found.data && !hits.length && <EmptyState title={t('search.none_title', { words })}>{t('search.none_text')}</EmptyState>}
      <div ref={list} id="hits" role="listbox" aria-label={t('search.results')} className={css.hits}>
        {hits.map((hit, index) => <Hit key={`${hit.type}-${hit.id}`} hit={hit} id={`hit-${index}`} active={index === active} onPoint={() => setAt(index)} />)}
      </div>
      {words && found.hasNextPage && <Button busy={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>{t('list.more')}</Button>}
      {words && found.data && <div className="sr" role="status">{t('palette.count', { count: hits.length })}</div>}
    </Page>
  );
}

const icons = { message: 'chat', conversation: 'mail', customer: 'user' } as const;

function Hit({ hit, id, active, onPoint }: { hit: SearchHit; id: string; active: boolean; onPoint: () => void }) {
  const now = useNow();
  return (
    <Link {...target(hit)} id={id} role="option" aria-selected={active} tabIndex={-1} className={clsx(css.hit, active && css.active)} onPointerMove={onPoint}>
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
