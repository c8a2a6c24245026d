import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Suspense, useRef, useState, type RefObject } from 'react';
import { api } from '@/api/client';
import { countsQuery, directoryKeys, inboxesQuery, meQuery, teamsQuery } from '@/api/directory';
import type { Me } from '@/api/types';
import { savedViewsQuery, viewKeys } from '@/api/views';
import { keysOf, runCommand } from '@/lib/commands';
import { countLabel } from '@/lib/formats';
import { loadSettingsWords, useT } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazyPart';
import { useIsPhone } from '@/lib/media';
import { navigate, type SearchOf } from '@/lib/router';
import { useStore } from '@/lib/store';
import { Button } from '@/ui/Button';
import { Icon } from '@/ui/Icon';
import { IconButton } from '@/ui/IconButton';
import { Kbd } from '@/ui/Kbd';
import { Menu } from '@/ui/Menu';
import { Checkbox } from '@/ui/Toggle';
import { FilterMenu } from './Filters';
import { keepTicked, tickAll, ticked } from './state';
import { systemViews, type View } from './views';
import css from './ConversationList.module.css';

const SaveView = lazyPart(async () => (await Promise.all([import('./SaveView'), loadSettingsWords()]))[0].SaveView);

interface Props {
  view: View;
  search: SearchOf<'/inbox/$view'>;
  arrived: number;
  total: number;
  onShow: () => void;
}

/** The head of the list: its name, what is new, the filter. While something is ticked, how much. */
export function ListHead({ view, search, arrived, total, onShow }: Props) {
  const t = useT();
  const isPhone = useIsPhone();
  const filterAnchor = useRef<HTMLButtonElement>(null);
  const moreAnchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState<'filter' | 'more' | 'save'>();
  const { title, count } = useViewHead(view);
  const marks = useStore(ticked, (now) => now.size);
  if (marks > 0) return <BulkHead marks={marks} total={total} />;
  const filtered = Boolean(search.inbox || search.team || search.tag || search.assignee || search.priority);
  return (
    <header className={css.bar}>
      <h1 className={css.title}>
        <bdi>{title}</bdi> <span className={css.count}>{countLabel(count)}</span>
      </h1>
      {arrived > 0 && (
        <button type="button" className={css.pill} onClick={onShow} aria-live="polite">
          <Icon name="arrowUp" size={12} />
          {t('list.new', { count: arrived })}
        </button>
      )}
      <span className="grow" />
      <IconButton ref={filterAnchor} icon="filter" size={isPhone ? 20 : 16} label={t('list.filter')} on={filtered || open === 'filter'} aria-expanded={open === 'filter'} onClick={() => setOpen('filter')} />
      {isPhone
        ? <IconButton icon="down" size={20} label={t('cmd.views')} onClick={() => runCommand('app.views')} />
        : <IconButton ref={moreAnchor} icon="more" label={t('list.options')} aria-haspopup="menu" aria-expanded={open === 'more'} onClick={() => setOpen('more')} />}
      {open === 'filter' && <FilterMenu anchor={filterAnchor} view={view} search={search} onClose={() => setOpen(undefined)} />}
      {open === 'more' && <OptionsMenu anchor={moreAnchor} onSave={view.kind === 'saved' ? undefined : () => setOpen('save')} saved={view.kind === 'saved' ? view.viewId : undefined} onClose={() => setOpen((now) => (now === 'more' ? undefined : now))} />}
      {open === 'save' && <Suspense><SaveView view={view} search={search} onClose={() => setOpen(undefined)} /></Suspense>}
    </header>
  );
}

function OptionsMenu({ anchor, onSave, saved, onClose }: { anchor: RefObject<HTMLElement | null>; onSave?: () => void; saved?: number; onClose: () => void }) {
  const t = useT();
  const queries = useQueryClient();
  const { data: me } = useQuery(meQuery);
  const density = useMutation({
    mutationFn: (chosen: Me['density']) => api.patch<Me>('/me', { body: { density: chosen } }),
    onMutate: (chosen) => queries.setQueryData<Me>(directoryKeys.me, (now) => now && { ...now, density: chosen }),
    onSettled: () => queries.invalidateQueries({ queryKey: directoryKeys.me }),
  });
  const remove = useMutation({
    mutationFn: (id: number) => api.delete(`/views/${id}`),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: viewKeys.all });
      void navigate({ to: '/inbox/$view', params: { view: 'mine' } });
    },
  });
  return (
    <Menu
      anchor={anchor} align="end" label={t('list.options')} onClose={onClose}
      items={[
        { label: t('list.comfortable'), checked: me?.density !== 'compact', run: () => density.mutate('comfortable') },
        { label: t('list.compact'), checked: me?.density === 'compact', run: () => density.mutate('compact') },
        ...(onSave ? [{ label: t('view.save'), icon: 'plus' as const, separated: true, run: () => setTimeout(onSave) }] : []),
        ...(saved !== undefined ? [{ label: t('view.delete'), icon: 'trash' as const, separated: true, run: () => remove.mutate(saved) }] : []),
        { label: t('cmd.list_select_all'), icon: 'checks', keys: keysOf('list.select_all'), separated: true, run: tickAll },
      ]}
    />
  );
}

function BulkHead({ marks, total }: { marks: number; total: number }) {
  const t = useT();
  const all = marks >= total;
  return (
    <header className={css.bulk}>
      <Checkbox checked={all} mixed={!all} aria-label={t('bulk.select_all')} onChange={() => (all ? keepTicked() : tickAll())} />
      <h1 className={css.title} role="status">
        {t('bulk.selected', { count: marks })} <span className={css.count}>{t('bulk.of', { total })}</span>
      </h1>
      <span className="grow" />
      {!all && <Button variant="ghost" size="sm" onClick={tickAll}>{t('bulk.select_all')} <Kbd keys={keysOf('list.select_all')!} /></Button>}
      <IconButton icon="x" label={t('bulk.clear')} keys="Escape" onClick={() => keepTicked()} />
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
  if (view.kind === 'saved') return { title: saved?.find((one) => one.id === view.viewId)?.name ?? '', count: undefined };
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
