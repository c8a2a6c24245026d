import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { Suspense, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { listQuery, shortenList, type ListFilter } from '@/api/conversations';
import { meQuery } from '@/api/directory';
import { savedViewsQuery } from '@/api/views';
import { problemText } from '@/api/words';
import { useT, withWords } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazyPart';
import { useIsPhone } from '@/lib/media';
import { setSearch, type SearchOf } from '@/lib/router';
import { useStore } from '@/lib/store';
import { Button } from '@/ui/Button';
import { Patient } from '@/ui/Skeleton';
import { ListHead } from './ListHead';
import { ListTabs } from './ListTabs';
import { useLayout, useLayoutKey } from './layout';
import { apart, isNarrowed, listFilter, type Order } from './match';
import { flatten, leaving, shownRows, type KnownRows } from './rows';
import { RowSkeletons } from './RowSkeletons';
import { Rows } from './Rows';
import { shownNow, ticked } from './state';
import { useListKeys } from './useListKeys';
import { useLiveList } from './useLiveList';
import type { View } from './views';
import css from './ConversationList.module.css';

const FilterChips = lazyPart(() => withWords(import('./Filters').then((module) => module.FilterChips)));
const Table = lazyPart(() => withWords(import('./Table').then((module) => module.Table)));
const ListEmpty = lazyPart(() => withWords(import('./ListEmpty').then((module) => module.ListEmpty)));
const MissingNote = lazyPart(() => import('./MissingNote').then((module) => module.MissingNote));

interface Props {
  view: View;
  viewName: string;
  search: SearchOf<'/inbox/$view'>;
  openId: number | undefined;
  /** Stands at the end edge: what changes the width. */
  edge?: ReactNode;
  /** Stands in the head before its buttons. */
  bell?: ReactNode;
}

/** The list column: head, tabs and rows of one view. */
export function ConversationList({ view, viewName, search, openId, edge, bell }: Props) {
  const t = useT();
  const isPhone = useIsPhone();
  const { data: me } = useQuery(meQuery);
  const myId = me?.id ?? 0;
  const layout = useLayout(viewName);
  const { data: saved } = useQuery({ ...savedViewsQuery, enabled: view.kind === 'saved' });
  // A saved view has tabs for everybody who has it.
  const own = view.kind === 'saved' ? saved?.find((one) => one.id === view.viewId) : undefined;
  const by = view.kind === 'saved' ? (own?.tabs_by ?? '') : layout.tabs_by;
  const usual = own?.sort ?? 'newest';
  const order: Order = { now: search.sort ?? usual, set: (sort) => setSearch<'/inbox/$view'>({ sort: sort === usual ? undefined : sort }) };
  const table = layout.table && openId === undefined && !isPhone;
  const filter = useMemo(() => listFilter(view, search, layout.table ? ownKeys(layout.columns) : []), [view, search, layout]);
  const list = useInfiniteQuery({
    ...listQuery(filter), refetchOnMount: 'always', retryOnMount: true,
    // While a column of the shop's own is on its way the rows stay.
    placeholderData: (before, query) => (query && withoutFields(query.queryKey[2] as ListFilter) === withoutFields(filter) ? before : undefined),
  });
  useShortened(filter, openId);
  const { arrived, show } = useLiveList(filter, myId);
  const rows = useRows(list.data, filter, myId, openId);
  useLayoutKey(viewName, layout);
  const { open, menu } = useListKeys({ rows, viewName, search, openId, table });
  const selecting = useStore(ticked, (now) => now.size > 0);
  const compact = me?.density === 'compact' && !isPhone;
  const title = <ListHead view={view} viewName={viewName} search={search} by={by} order={order} arrived={arrived} total={rows.length} bell={bell} rest={list.hasNextPage ? filter : undefined} onShow={() => void show().then(toTop)} />;

  const narrowed = apart(search, by);
  const shown = {
    rows, filter, selecting, more: list.hasNextPage, failed: list.isFetchNextPageError, loading: list.isFetchingNextPage,
    onMore: () => void list.fetchNextPage(), onOpen: open,
  };
  return (
    <section className={css.list} aria-label={t('list.label')}>
      {title}
      <ListTabs view={view} search={search} by={by} order={order} />
      <Suspense>
        {isNarrowed(narrowed) && <FilterChips search={narrowed} />}
        {view.kind === 'saved' && <MissingNote id={view.viewId} />}
      </Suspense>
      {list.isPending && <Patient label={t('ui.loading')}><div className={css.bones}><RowSkeletons compact={compact} /></div></Patient>}
      {list.isError && !list.data && (
        <div className={css.failed} role="alert">
          <p>{problemText(list.error)}</p>
          <Button size="sm" onClick={() => void list.refetch()}>{t('error.retry')}</Button>
        </div>
      )}
      {list.data && rows.length === 0 && !list.hasNextPage && <Suspense><ListEmpty view={view} search={search} by={by} /></Suspense>}
      {list.data && (rows.length > 0 || list.hasNextPage) && (
        (table ? <Suspense><Table {...shown} viewName={viewName} layout={layout} order={order} /></Suspense> : <Rows {...shown} view={view} compact={compact} />)
      )}
      {menu}
      {edge}
    </section>
  );
}

const withoutFields = (filter: ListFilter) => JSON.stringify({ ...filter, fields: undefined });
const ownKeys = (columns: readonly string[]) => columns.flatMap((name) => name.split('field.')[1] ?? []);
const toTop = () => document.querySelector('[data-list]')?.scrollTo({ top: 0 });

// A list that is left keeps its beginning: whoever went through thousands of rows is not made to wait for them again.
function useShortened(filter: ListFilter, openId: number | undefined) {
  const queries = useQueryClient();
  const open = useRef(openId);
  useEffect(() => () => shortenList(queries, filter, open.current), [queries, filter]);
  useEffect(() => {
    open.current = openId;
  }, [openId]);
}

// Rows that stopped belonging here stay until the next navigation; then they are left out while that is so.
function useRows(data: Parameters<typeof flatten>[0], filter: ReturnType<typeof listFilter>, me: number, openId: number | undefined) {
  const queries = useQueryClient();
  const items = useMemo(() => flatten(data), [data]);
  const [left, setLeft] = useState<ReadonlySet<number>>(new Set());
  // eslint-disable-next-line react-hooks/exhaustive-deps -- what was judged holds for one filter and one agent
  const known = useMemo<KnownRows>(() => new WeakMap(), [filter, me]);
  const rows = useMemo(() => shownRows(items, filter, me, left, known), [items, filter, me, left, known]);
  const latest = useRef(rows);
  useEffect(() => {
    latest.current = rows;
    shownNow.set(rows);
  }, [rows]);
  useEffect(() => {
    setLeft((now) => {
      const more = leaving(latest.current, openId);
      return more.size ? new Set([...now, ...more]) : now;
    });
  }, [openId, filter, queries]);
  useEffect(() => () => shownNow.set([]), []);
  return rows;
}
