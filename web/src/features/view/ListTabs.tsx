import { useQuery } from '@tanstack/react-query';
import { clsx } from 'clsx';
import { memo, Suspense, useRef, useState } from 'react';
import { countsQuery } from '@/api/directory';
import type { Counts } from '@/api/types';
import { countLabel } from '@/lib/formats';
import { useCommand } from '@/lib/commands';
import { useT, withWords, type MessageKey } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazyPart';
import { useIsPhone } from '@/lib/media';
import { setSearch, type SearchOf } from '@/lib/router';
import { Icon } from '@/ui/Icon';
import { Menu } from '@/ui/Menu';
import { Segmented } from '@/ui/Segmented';
import { hasTabs, sorts, type Order, type Tab } from './match';
import type { View } from './views';
import css from './ConversationList.module.css';

const PropertyTabs = lazyPart(() => withWords(import('./PropertyTabs').then((module) => module.PropertyTabs)));

type Search = SearchOf<'/inbox/$view'>;
const tabs: readonly { value: Tab; title: MessageKey }[] = [
  { value: 'open', title: 'tab.open' }, { value: 'pending', title: 'tab.pending' }, { value: 'all', title: 'tab.all' },
];

/** How many conversations each tab of a view holds. */
function countsOf(view: View, counts: Counts | undefined): Partial<Record<Tab, number>> {
  if (view.kind === 'team') return counts?.teams.find((one) => one.team_id === view.teamId) ?? {};
  if (view.kind === 'inbox') return counts?.inboxes.find((one) => one.inbox_id === view.inboxId) ?? {};
  if (view.kind === 'system' && view.id === 'mine') return counts?.mine_tabs ?? {};
  return (view.kind === 'system' && view.id === 'unassigned' && counts?.unassigned_tabs) || {};
}

/** The faces of a view and its order. by is the property that it has further tabs by. */
export const ListTabs = memo(function ListTabs({ view, search, by, order }: { view: View; search: Search; by: string; order: Order }) {
  const t = useT();
  const isPhone = useIsPhone();
  const { data: counts } = useQuery(countsQuery);
  const of = countsOf(view, counts);
  const now = (search.status ?? 'open') as Tab;
  const choose = (tab: Tab) => setSearch<'/inbox/$view'>({ status: tab === 'open' ? undefined : tab });
  const step = (way: number) => choose(tabs[(tabs.findIndex((tab) => tab.value === now) + way + 3) % 3]!.value);
  useCommand('list.next_tab', () => step(1), hasTabs(view));
  useCommand('list.previous_tab', () => step(-1), hasTabs(view));
  const more = by && <Suspense fallback={<span className="grow" />}><PropertyTabs key={by} by={by} view={view} search={search} /></Suspense>;
  const below = more && <div className={css.sub}>{more}</div>;
  if (isPhone) {
    return (
      <>
        {hasTabs(view) && (
          <div className={css.phoneTabs}>
            <Segmented label={t('list.faces')} value={now} onChange={choose} options={tabs.map((tab) => ({ value: tab.value, label: t(tab.title) }))} />
          </div>
        )}
        {below}
      </>
    );
  }
  return (<>
    <div className={css.sub}>
      {hasTabs(view) ? tabs.map((tab) => (
        <button key={tab.value} type="button" className={clsx(css.tab, tab.value === now && css.on)} aria-pressed={tab.value === now} onClick={() => choose(tab.value)}>
          {t(tab.title)}
          {Boolean(of[tab.value]) && <span className={css.tabCount}>{countLabel(of[tab.value])}</span>}
        </button>
      )) : more}
      {(hasTabs(view) || !more) && <span className="grow" />}
      <SortButton order={order} />
    </div>
    {hasTabs(view) && below}
  </>);
});

function SortButton({ order }: { order: Order }) {
  const t = useT();
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <button ref={anchor} type="button" className={css.sort} aria-haspopup="menu" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className="sr">{t('list.sort')} </span>
        {t(`sort.${order.now}`)}
        <Icon name="down" size={12} />
      </button>
      {open && (
        <Menu
          anchor={anchor} align="end" label={t('list.sort')} onClose={() => setOpen(false)}
          items={sorts.map((sort) => ({
            label: t(`sort.${sort}`), checked: sort === order.now, run: () => order.set(sort),
          }))}
        />
      )}
    </>
  );
}
