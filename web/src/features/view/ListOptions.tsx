import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type RefObject } from 'react';
import { api } from '@/api/client';
import { directoryKeys, meQuery, tagsQuery } from '@/api/directory';
import type { Me } from '@/api/types';
import { savedViewsQuery, type SavedView } from '@/api/views';
import { keysOf, runCommand } from '@/lib/commands';
import { useT } from '@/lib/i18n';
import { useIsPhone } from '@/lib/media';
import { navigate, type SearchOf } from '@/lib/router';
import { Menu, type MenuItem } from '@/ui/Menu';
import { conditionsOf } from './conditions';
import { keepLayout, useLayout } from './layout';
import { sorts, type Order } from './match';
import { tickAll } from './state';
import { TabsMenu } from './TabsMenu';
import { ViewEditor, type Start } from './ViewEditor';
import { copyName, deleteView } from './viewWrites';
import type { View } from './views';

interface Props {
  anchor: RefObject<HTMLElement | null>;
  view: View;
  viewName: string;
  search: SearchOf<'/inbox/$view'>;
  order: Order;
  onClose: () => void;
}

/** What can be done with the list itself: how it looks, its tabs, and keeping it as a view. On a phone its order, too, which stands above it elsewhere. */
export function ListOptions({ anchor, view, viewName, search, order, onClose }: Props) {
  const t = useT();
  const isPhone = useIsPhone();
  const queries = useQueryClient();
  const { data: me } = useQuery(meQuery);
  const { data: tags } = useQuery(tagsQuery);
  const { data: all } = useQuery(savedViewsQuery);
  const [editing, setEditing] = useState<{ view?: SavedView; start?: Start }>();
  const [tabs, setTabs] = useState(false);
  const [shown, setShown] = useState(true);
  // The menu closes before it does what was chosen.
  useEffect(() => {
    if (!shown && !editing && !tabs) onClose();
  }, [shown, editing, tabs, onClose]);
  const density = useMutation({
    mutationFn: (chosen: Me['density']) => api.patch<Me>('/me', { body: { density: chosen } }),
    onMutate: (chosen) => queries.setQueryData<Me>(directoryKeys.me, (now) => now && { ...now, density: chosen }),
    onSettled: () => queries.invalidateQueries({ queryKey: directoryKeys.me }),
  });
  const layout = useLayout(viewName);
  const setTable = (table: boolean) => void keepLayout(queries, viewName, { ...layout, table });
  const saved = view.kind === 'saved' ? all?.find((one) => one.id === view.viewId) : undefined;
  const go = (to: string) => void navigate({ to: '/inbox/$view', params: { view: to } });
  if (editing) return <ViewEditor {...editing} onClose={onClose} onSaved={(made) => made.id !== saved?.id && go(`saved-${made.id}`)} />;

  if (tabs) return <TabsMenu anchor={anchor} view={view} saved={saved} layout={layout} viewName={viewName} onClose={() => setTabs(false)} />;

  const edit = (what: { view?: SavedView; start?: Start }) => () => setEditing(what);
  const own: MenuItem[] = [];
  if (saved) {
    if (saved.may_edit) own.push({ label: t('views.edit'), icon: 'pencil', separated: true, run: edit({ view: saved }) });
    own.push({ label: t('views.duplicate'), icon: 'copy', separated: !saved.may_edit, run: edit({ start: { name: copyName(t, saved.name, (all ?? []).map((one) => one.name)), conditions: saved.conditions, sort: saved.sort, tabs_by: saved.tabs_by } }) });
    if (saved.may_edit) own.push({ label: t('view.delete'), icon: 'trash', run: () => void deleteView(queries, t, saved, () => go(`saved-${saved.id}`)).then((done) => done && go('mine')) });
  } else if (view.kind !== 'saved') {
    own.push({ label: t('view.save'), icon: 'plus', separated: true, run: edit({ start: { conditions: conditionsOf(view, search, tags ?? []), sort: search.sort ?? 'newest', tabs_by: layout.tabs_by } }) });
  }
  own.push({ label: t('views.all'), icon: 'filter', run: () => void navigate({ to: '/settings/views' }) });
  const looks: MenuItem[] = isPhone
    ? sorts.map((sort) => ({ label: t(`sort.${sort}`), checked: sort === order.now, run: () => order.set(sort) }))
    : [
      { label: t('list.layout_list'), icon: 'list', checked: !layout.table, run: () => setTable(false) },
      { label: t('list.layout_table'), icon: 'table', checked: layout.table, keys: keysOf('list.layout'), run: () => setTable(true) },
      ...(layout.table ? [{ label: t('cmd.list_columns'), run: () => void setTimeout(() => runCommand('list.columns')) }] : []),
    ];
  const spacing: MenuItem[] = isPhone ? [] : [
    { label: t('list.comfortable'), separated: true, checked: me?.density !== 'compact', run: () => density.mutate('comfortable') },
    { label: t('list.compact'), checked: me?.density === 'compact', run: () => density.mutate('compact') },
  ];
  return shown && (
    <Menu
      anchor={anchor} align="end" label={t('list.options')} onClose={() => setShown(false)}
      items={[
        ...looks,
        ...(!saved || saved.may_edit ? [{ label: t('views.tabs_menu'), separated: isPhone, run: () => setTabs(true) }] : []),
        ...spacing,
        ...own,
        { label: t('cmd.list_select_all'), icon: 'checks', keys: keysOf('list.select_all'), separated: true, run: tickAll },
      ]}
    />
  );
}
