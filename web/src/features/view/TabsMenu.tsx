import { useQueryClient } from '@tanstack/react-query';
import type { RefObject } from 'react';
import { api } from '@/api/client';
import { useWrite } from '@/api/useWrite';
import { viewKeys, type SavedView } from '@/api/views';
import { useT } from '@/lib/i18n';
import { setSearch } from '@/lib/router';
import { Menu } from '@/ui/Menu';
import { keepLayout, type ViewLayout } from './layout';
import { noTab, useProperties } from './properties';
import type { View } from './views';

interface Props {
  anchor: RefObject<HTMLElement | null>;
  view: View;
  saved: SavedView | undefined;
  viewName: string;
  layout: ViewLayout;
  onClose: () => void;
}

/** By which property a view has tabs: a saved view for everybody who has it, another for me. */
export function TabsMenu({ anchor, view, saved, viewName, layout, onClose }: Props) {
  const t = useT();
  const queries = useQueryClient();
  const change = useWrite((tabs_by: string) => api.patch<SavedView>(`/views/${saved?.id}`, { body: { tabs_by, version: saved?.version } }), { renews: [viewKeys.all] });
  const now = saved ? saved.tabs_by : layout.tabs_by;
  const choose = (by: string) => {
    if (by === now) return;
    setSearch<'/inbox/$view'>(noTab(now));
    if (saved) change.mutate(by);
    else void keepLayout(queries, viewName, { ...layout, tabs_by: by });
  };
  return (
    <Menu
      anchor={anchor} align="end" label={t('views.tabs')} onClose={onClose}
      items={[{ value: '', label: t('views.tabs_none') }, ...useProperties(view)].map(({ value, label }) => ({ label, checked: value === now, run: () => choose(value) }))}
    />
  );
}
