import { useQuery } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { savedViewsQuery, useViewCount, type SavedView } from '@/api/views';
import { useT, withWords } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazyPart';
import { navigate } from '@/lib/router';
import { IconButton } from '@/ui/IconButton';
import { NavHead, NavItem } from './NavItem';
import css from './SavedViews.module.css';
import sidebar from './Sidebar.module.css';

const ViewEditor = lazyPart(() => withWords(import('@/features/view/ViewEditor').then((module) => module.ViewEditor)));

/** The saved views that I have, in my order, each with its number. */
export function SavedViews({ collapsed }: { collapsed: boolean }) {
  const t = useT();
  const { data: views } = useQuery(savedViewsQuery);
  const [making, setMaking] = useState(false);
  if (!views?.length) return null;
  return (
    <>
      <div className={css.head}>
        <NavHead collapsed={collapsed}>{t('nav.views')}</NavHead>
        {!collapsed && <IconButton icon="plus" size={14} label={t('nav.new_view')} onClick={() => setMaking(true)} />}
      </div>
      <div className={sidebar.group}>{views.map((view) => <SavedViewItem key={view.id} view={view} collapsed={collapsed} />)}</div>
      {making && (
        <Suspense>
          <ViewEditor onClose={() => setMaking(false)} onSaved={(made) => void navigate({ to: '/inbox/$view', params: { view: `saved-${made.id}` } })} />
        </Suspense>
      )}
    </>
  );
}

function SavedViewItem({ view, collapsed }: { view: SavedView; collapsed: boolean }) {
  const count = useViewCount(view);
  return <NavItem target={{ to: '/inbox/$view', params: { view: `saved-${view.id}` } }} icon="filter" label={view.name} count={count} collapsed={collapsed} />;
}
