import { useQuery } from '@tanstack/react-query';
import { Suspense, useRef, useState, type ReactNode } from 'react';
import type { ListFilter } from '@/api/conversations';
import { countsQuery, inboxesQuery, teamsQuery } from '@/api/directory';
import { savedViewsQuery, useViewCount } from '@/api/views';
import { runCommand } from '@/lib/commands';
import { countLabel } from '@/lib/formats';
import { useT, withWords } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazyPart';
import { useIsPhone } from '@/lib/media';
import { type SearchOf } from '@/lib/router';
import { useStore } from '@/lib/store';
import { Icon } from '@/ui/Icon';
import { IconButton } from '@/ui/IconButton';
import { apart, isNarrowed, type Order } from './match';
import { ticked } from './state';
import { systemViews, type View } from './views';
import css from './ConversationList.module.css';

const FilterMenu = lazyPart(() => import('./Filters').then((module) => module.FilterMenu));
const BulkHead = lazyPart(() => withWords(import('./BulkHead').then((module) => module.BulkHead)));
const ListOptions = lazyPart(() => withWords(import('./ListOptions').then((module) => module.ListOptions)));

interface Props {
  view: View;
  viewName: string;
  search: SearchOf<'/inbox/$view'>;
  /** The property that the view has tabs by. */
  by: string;
  order: Order;
  arrived: number;
  total: number;
  /** Set while there is more than what is loaded: how to mean all of it. */
  rest: ListFilter | undefined;
  onShow: () => void;
  bell?: ReactNode;
}

/** The head of the list: its name, what is new, the filter. While something is ticked, how much. */
export function ListHead({ view, viewName, search, by, order, arrived, total, rest, onShow, bell }: Props) {
  const t = useT();
  const isPhone = useIsPhone();
  const filterAnchor = useRef<HTMLButtonElement>(null);
  const moreAnchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState<'filter' | 'more'>();
  const { title, count } = useViewHead(view);
  const marks = useStore(ticked, (now) => now.size);
  if (marks > 0) return <Suspense fallback={<header className={css.bulk} />}><BulkHead marks={marks} total={total} rest={rest} /></Suspense>;
  const filtered = isNarrowed(apart(search, by));
  return (
    <header className={css.bar}>
      <h1 className={css.title}>
        <bdi className="trunc">{title}</bdi> <span className={css.count}>{countLabel(count)}</span>
      </h1>
      {arrived > 0 && (
        <button type="button" className={css.pill} onClick={onShow} aria-live="polite">
          <Icon name="arrowUp" size={12} />
          {t('list.new', { count: arrived })}
        </button>
      )}
      <span className="grow" />
      {bell}
      <IconButton ref={filterAnchor} icon="filter" size={isPhone ? 20 : 16} label={t('list.filter')} on={filtered || open === 'filter'} aria-expanded={open === 'filter'} onClick={() => setOpen('filter')} />
      <IconButton ref={moreAnchor} icon="more" size={isPhone ? 20 : 16} label={t('list.options')} aria-haspopup="menu" aria-expanded={open === 'more'} onClick={() => setOpen('more')} />
      {isPhone && <IconButton icon="down" size={20} label={t('cmd.views')} onClick={() => runCommand('app.views')} />}
      {open === 'filter' && <Suspense><FilterMenu anchor={filterAnchor} view={view} search={search} onClose={() => setOpen(undefined)} /></Suspense>}
      {open === 'more' && <Suspense><ListOptions anchor={moreAnchor} view={view} viewName={viewName} search={search} order={order} onClose={() => setOpen((now) => (now === 'more' ? undefined : now))} /></Suspense>}
    </header>
  );
}

/** The name of a view and how many conversations it counts. */
export function useViewHead(view: View): { title: string; count: number | undefined } {
  const t = useT();
  const { data: counts } = useQuery(countsQuery);
  const { data: teams } = useQuery(teamsQuery);
  const { data: inboxes } = useQuery(inboxesQuery);
  const { data: saved } = useQuery({ ...savedViewsQuery, enabled: view.kind === 'saved' });
  const mine = view.kind === 'saved' ? saved?.find((one) => one.id === view.viewId) : undefined;
  const inside = useViewCount(mine);
  if (view.kind === 'saved') return { title: mine?.name ?? '', count: inside };
  if (view.kind === 'team') {
    return {
      title: teams?.find((team) => team.id === view.teamId)?.name ?? '',
      count: counts?.teams.find((team) => team.team_id === view.teamId)?.open,
    };
  }
  if (view.kind === 'inbox') {
    return {
      title: inboxes?.find((inbox) => inbox.id === view.inboxId)?.name ?? '',
      count: counts?.inboxes.find((inbox) => inbox.inbox_id === view.inboxId)?.open,
    };
  }
  const system = systemViews.find((one) => one.id === view.id)!;
  return { title: t(system.title), count: counts && system.count(counts) };
}
