import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { teamsQuery } from '@/api/directory';
import { useWaiting } from '@/api/useWaiting';
import { savedViewsQuery, viewCountQuery, type SavedView } from '@/api/views';
import { announce } from '@/lib/announce';
import { countLabel } from '@/lib/formats';
import { useT } from '@/lib/i18n';
import { Link } from '@/lib/router';
import { Awaited } from '@/ui/Awaited';
import { Button } from '@/ui/Button';
import { Chip } from '@/ui/Chip';
import { EmptyState } from '@/ui/EmptyState';
import { Icon } from '@/ui/Icon';
import { IconButton } from '@/ui/IconButton';
import { Page } from '@/ui/Page';
import { Row, RowBones, Rows } from '@/ui/Rows';
import { useMovedFocus } from '@/ui/useMovedFocus';
import { moved } from './columns';
import { tests, treeOf } from './tree';
import { ViewEditor, type Start } from './ViewEditor';
import { copyName, deleteView, orderViews } from './viewWrites';
import css from './ViewEditor.module.css';

/** The saved views that I have: their order, what they show, whose they are. */
export function ViewsPage() {
  const t = useT();
  const queries = useQueryClient();
  const list = useWaiting(savedViewsQuery);
  const [editing, setEditing] = useState<{ view?: SavedView; start?: Start }>();
  const focusOn = useMovedFocus(list.data);
  const move = (all: SavedView[], at: number, step: -1 | 1) => {
    const view = all[at]!;
    void orderViews(queries, moved(all, at, at + step));
    focusOn({ row: `view-${view.id}`, way: step });
    announce(t('views.moved', { name: view.name, place: at + step + 1, count: all.length }));
  };
  return (
    <Page title={t('settings.views')} column actions={<Button variant="primary" size="sm" icon="plus" onClick={() => setEditing({})}>{t('views.new')}</Button>}>
      <p className="muted">{t('views.page_text')}</p>
      <Awaited of={list} bones={<RowBones count={4} lead={false} />}>
        {(all) => (all.length ? (
          <Rows label={t('settings.views')}>
            {all.map((view, at) => (
              <ViewRow
                key={view.id} view={view} first={at === 0} last={at === all.length - 1} onMove={(step) => move(all, at, step)}
                onEdit={() => setEditing({ view })} onDelete={() => void deleteView(queries, t, view)}
                onCopy={() => setEditing({ start: { name: copyName(t, view.name, all.map((one) => one.name)), conditions: view.conditions, sort: view.sort, tabs_by: view.tabs_by } })}
              />
            ))}
          </Rows>
        ) : (
          <EmptyState title={t('views.none')} actions={<Button onClick={() => setEditing({})}>{t('views.new')}</Button>}>{t('views.none_text')}</EmptyState>
        ))}
      </Awaited>
      {editing && <ViewEditor {...editing} onClose={() => setEditing(undefined)} />}
    </Page>
  );
}

interface RowProps {
  view: SavedView;
  first: boolean;
  last: boolean;
  onMove: (step: -1 | 1) => void;
  onEdit: () => void;
  onCopy: () => void;
  onDelete: () => void;
}

function ViewRow({ view, first, last, onMove, onEdit, onCopy, onDelete }: RowProps) {
  const t = useT();
  const { data: teams } = useQuery(teamsQuery);
  const { data: number } = useQuery({ ...viewCountQuery(view.id), enabled: view.counted });
  const whose = view.audience === 'me' ? t('views.for_me') : view.audience === 'all' ? t('views.for_all') : (teams?.find((team) => team.id === view.team_id)?.name ?? t('views.for_team'));
  const facts = [whose, t('views.tests', { count: tests(treeOf(view.conditions)) }), t(`sort.${view.sort}`)];
  return (
    <Row
      lead={<Icon name="filter" />} stacks detail={facts.join(' · ')} onOpen={view.may_edit ? onEdit : undefined}
      title={view.may_edit ? <bdi>{view.name}</bdi> : <Link to="/inbox/$view" params={{ view: `saved-${view.id}` }}><bdi>{view.name}</bdi></Link>}
      end={<span className={css.row}>
        {number && <Chip tone="fill">{number.more ? '999+' : countLabel(number.count) || '0'}</Chip>}
        <IconButton icon="up" data-row={`view-${view.id}`} data-way="-1" label={t('views.up', { name: view.name })} disabled={first} onClick={() => onMove(-1)} />
        <IconButton icon="down" data-row={`view-${view.id}`} data-way="1" label={t('views.down', { name: view.name })} disabled={last} onClick={() => onMove(1)} />
        <IconButton icon="copy" label={t('views.duplicate_of', { name: view.name })} onClick={onCopy} />
        {view.may_edit && <IconButton icon="trash" label={t('views.delete_of', { name: view.name })} onClick={onDelete} />}
      </span>}
    />
  );
}
