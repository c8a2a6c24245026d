import { useQuery, useQueryClient } from '@tanstack/react-query';
import { clsx } from 'clsx';
import { useEffect, useRef } from 'react';
import { api } from '@/api/client';
import { meQuery } from '@/api/directory';
import { onRenewed } from '@/api/renewed';
import type { Answer } from '@/api/schema';
import { viewKeys } from '@/api/views';
import { announce } from '@/lib/announce';
import { useCommand } from '@/lib/commands';
import { countLabel } from '@/lib/formats';
import { useT } from '@/lib/i18n';
import { setSearch, type SearchOf } from '@/lib/router';
import { apart, listFilter } from './match';
import { isChosen, noTab, usePropertyValues, type PropertyValue } from './properties';
import type { View } from './views';
import css from './PropertyTabs.module.css';

type Search = SearchOf<'/inbox/$view'>;

interface Props {
  by: string;
  view: View;
  search: Search;
}

interface Tab extends PropertyValue {
  count: number | undefined;
}

// When counts are asked for again after something happened: soon, and when the server counts anew.
const pauses = [1000, 6500];
const most = 100;

/** A view in parts by a property, one after the other: what has conversations, and what is chosen. */
export function PropertyTabs({ by, view, search }: Props) {
  const t = useT();
  const { data: me } = useQuery(meQuery);
  const tabs = useTabs({ by, view, search });
  const box = useRef<HTMLDivElement>(null);
  const at = tabs?.findIndex((tab) => isChosen(search, tab, me?.id)) ?? -1;

  const choose = (tab: Tab | undefined) => setSearch<'/inbox/$view'>({ ...noTab(by), ...tab?.search });
  const step = (way: 1 | -1) => {
    const all = [undefined, ...(tabs ?? [])];
    const to = all[(at + 1 + way + all.length) % all.length];
    choose(to);
    announce(to?.count === undefined ? (to?.label ?? t('tab.all')) : t('views.tab_shown', { name: to.label, count: to.count }));
  };
  useCommand('list.next_tab', () => step(1));
  useCommand('list.previous_tab', () => step(-1));
  useEffect(() => {
    box.current?.children[at + 1]?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [at, tabs?.length]);

  return (
    <div ref={box} role="group" aria-label={t('list.faces')} className={css.tabs}>
      {tabs && [undefined, ...tabs].map((tab, index) => (
        <button
          key={tab ? `=${tab.value}` : ''} type="button" className={clsx(css.tab, index === at + 1 && css.on)} aria-pressed={index === at + 1} onClick={() => choose(tab)}
        >
          <bdi className="trunc">{tab ? tab.label : t('tab.all')}</bdi>
          {Boolean(tab?.count) && <span className={css.count}>{countLabel(tab?.count)}</span>}
        </button>
      ))}
    </div>
  );
}

function useTabs({ by, view, search }: Props): Tab[] | undefined {
  const queries = useQueryClient();
  const { data: me } = useQuery(meQuery);
  const values = usePropertyValues(by);
  const { sort: _, fields: __, ...filter } = listFilter(view, apart(search, by));
  const queryKey = [...viewKeys.all, 'tabs', by, filter];
  const { data } = useQuery({
    queryKey, queryFn: ({ signal }) => api.get<Answer<'/views/tabs'>>('/views/tabs', { query: { ...filter, by }, signal }),
    staleTime: 5000, refetchInterval: 30_000, retry: false, placeholderData: (before) => before,
  });
  useEffect(() => {
    let timers: ReturnType<typeof setTimeout>[] = [];
    const stop = onRenewed(() => {
      timers.forEach(clearTimeout);
      timers = pauses.map((pause) => setTimeout(() => void queries.invalidateQueries({ queryKey: [...viewKeys.all, 'tabs'] }), pause));
    });
    return () => {
      timers.forEach(clearTimeout);
      stop();
    };
  }, [queries]);
  if (!values || !data) return undefined;
  const counts = new Map(data.items.map(({ value, count }) => [value, count]));
  // Where not all was counted nothing is said about how many, and nothing is left out.
  return values.filter((one) => data.more || counts.has(one.value) || isChosen(search, one, me?.id)).slice(0, most)
    .map((one) => ({ ...one, count: data.more ? undefined : (counts.get(one.value) ?? 0) }));
}
