import { useQueryClient } from '@tanstack/react-query';
import { clsx } from 'clsx';
import { memo, useEffect, useMemo, useRef, useState, type DragEvent, type MouseEvent } from 'react';
import type { ListFilter } from '@/api/conversations';
import type { ConversationItem } from '@/api/types';
import { runCommand, useCommand } from '@/lib/commands';
import { useT } from '@/lib/i18n';
import { useStore } from '@/lib/store';
import { Button } from '@/ui/Button';
import { Icon } from '@/ui/Icon';
import { IconButton } from '@/ui/IconButton';
import { chosenOf, moved, useColumns, type Column } from './columns';
import { ColumnsMenu } from './ColumnsMenu';
import { rowId } from './ConversationRow';
import { keepLayout, type ColumnName, type ViewLayout } from './layout';
import type { Order, Sort } from './match';
import type { Row } from './rows';
import { useFollowCursor, useWatched } from './Rows';
import { cursor, ticked, tickRange, toggleTick, useIsCursor, useIsTicked } from './state';
import { TableCell } from './TableCell';
import { useWindow } from './useWindow';
import css from './Table.module.css';

interface Props {
  rows: readonly Row[];
  filter: ListFilter;
  viewName: string;
  layout: ViewLayout;
  order: Order;
  selecting: boolean;
  more: boolean;
  failed: boolean;
  loading: boolean;
  onMore: () => void;
  onOpen: (item: ConversationItem) => void;
}

const height = 40;

const widths: Partial<Record<ColumnName, string>> = {
  number: '64px', customer: 'minmax(0, 1.4fr)', subject: 'minmax(0, 3fr)', status: '104px', priority: '88px', assignee: 'minmax(0, 1fr)', team: 'minmax(0, 1fr)',
  inbox: 'minmax(0, 1fr)', tags: 'minmax(0, 1.3fr)', last_activity: '92px', waiting_since: '92px', due: '132px', created: '92px',
};

// The orders that a list can have, and where they stand in a table. The second is what another press makes of it.
const sorts: Partial<Record<ColumnName, readonly Sort[]>> = { last_activity: ['newest', 'oldest'], waiting_since: ['waiting'], due: ['urgency'] };

/** The conversations of a view in columns. Only the rows in sight are made; their height is the same for all. */
export function Table({ rows, filter, viewName, layout, order, selecting, more, failed, loading, onMore, onOpen }: Props) {
  const t = useT();
  const queries = useQueryClient();
  const chooser = useRef<HTMLButtonElement>(null);
  const [choosing, setChoosing] = useState(false);
  useCommand('list.columns', () => setChoosing(true));
  const all = useColumns();
  // Until the shop's own fields are here nothing stands in their columns.
  const columns = useMemo(() => chosenOf(all, layout.columns), [all, layout.columns]);
  const { from, to, show, box } = useWindow(rows.length, height);
  useFollowCursor(rows, show);
  const active = useStore(cursor);
  useWatched(rows, from, to - 1);
  // Who comes back from a conversation finds it where it was.
  useEffect(() => {
    show(Math.max(0, rows.findIndex((row) => row.item.id === cursor.get())));
    // Only at first: afterwards the keys lead.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [show]);
  useEffect(() => {
    if (more && !loading && !failed && to - 1 >= rows.length - 10) onMore();
  }, [more, loading, failed, to, rows.length, onMore]);
  const template = { gridTemplateColumns: `16px ${columns.map(({ name }) => widths[name] ?? 'minmax(0, 1fr)').join(' ')}` };
  const place = (name: ColumnName, target: ColumnName) => {
    const names = columns.map((one) => one.name);
    void keepLayout(queries, viewName, { ...layout, columns: moved(names, names.indexOf(name), names.indexOf(target)) });
  };
  const pick = (item: ConversationItem, event: MouseEvent) => {
    if (event.shiftKey) tickRange(item.id);
    else if (event.metaKey || event.ctrlKey || ticked.get().size) toggleTick(item);
    else onOpen(item);
  };
  return (<>
    <div
      role="grid" className={css.table} tabIndex={0} data-list aria-label={t('list.label')} aria-multiselectable="true"
      aria-rowcount={more ? -1 : rows.length + 1} aria-colcount={columns.length + 1}
      aria-activedescendant={active !== undefined && rows.some((row) => row.item.id === active) ? rowId(active) : undefined}
    >
      <div role="rowgroup" className={css.headBox}>
        <div role="row" aria-rowindex={1} className={css.head} style={template}>
          <span role="columnheader" className={css.choose}>
            <IconButton ref={chooser} icon="table" size={14} label={t('cmd.list_columns')} aria-haspopup="dialog" aria-expanded={choosing} onClick={() => setChoosing(!choosing)} />
          </span>
          {columns.map((column) => <Head key={column.name} column={column} order={order} onPlace={place} />)}
        </div>
      </div>
      <div ref={box} role="rowgroup" className={css.rows}>
        <div role="presentation" className={css.track} style={{ height: rows.length * height }}>
          {rows.slice(from, to).map(({ item, gone }, offset) => (
            <TableRow
              key={item.id} item={item} gone={gone} filter={filter} columns={columns} template={template.gridTemplateColumns} selecting={selecting}
              top={(from + offset) * height} index={from + offset + 2} onPick={pick}
            />
          ))}
        </div>
        {failed && <div role="presentation" className={css.after}><Button size="sm" onClick={onMore}>{t('list.more_failed')}</Button></div>}
        {loading && <div role="presentation" className={clsx(css.after, 'faint')}>{t('ui.loading')}</div>}
      </div>
    </div>
    {choosing && <ColumnsMenu anchor={chooser} viewName={viewName} layout={layout} all={all ?? []} onClose={() => setChoosing(false)} />}
  </>);
}

const dragType = 'application/x-deskbell-column';

// Its title; drawn onto another one it takes the place of that.
function Head({ column: { name, label }, order: { now, set }, onPlace }: { column: Column; order: Order; onPlace: (name: ColumnName, target: ColumnName) => void }) {
  const t = useT();
  const [target, setTarget] = useState(false);
  const hasColumn = (event: DragEvent) => event.dataTransfer.types.includes(dragType);
  const drag = {
    draggable: true,
    onDragStart: (event: DragEvent) => {
      event.dataTransfer.effectAllowed = 'move';
      event.dataTransfer.setData(dragType, name);
    },
    onDragOver: (event: DragEvent) => {
      if (!hasColumn(event)) return;
      event.preventDefault();
      setTarget(true);
    },
    onDragLeave: () => setTarget(false),
    onDrop: (event: DragEvent) => {
      if (!hasColumn(event)) return;
      event.preventDefault();
      setTarget(false);
      onPlace(event.dataTransfer.getData(dragType) as ColumnName, name);
    },
  };
  const className = clsx(css.title, target && css.target);
  const own = sorts[name];
  const on = own?.includes(now) ?? false;
  if (!own) return <span role="columnheader" {...drag} className={className}><span className="trunc">{label}</span></span>;
  const next = on && own.length > 1 ? own[(own.indexOf(now) + 1) % own.length]! : own[0]!;
  // What comes first is what is nearest: only the newest have the largest value on top.
  return (
    <span role="columnheader" {...drag} className={className} aria-sort={on ? (now === 'newest' ? 'descending' : 'ascending') : undefined}>
      <button type="button" className={css.sort} title={t('table.sort', { column: label })} onClick={() => set(next)}>
        <span className="trunc">{label}</span>
        {on && <Icon name={now === 'newest' ? 'down' : 'up'} size={12} />}
      </button>
    </span>
  );
}

interface RowProps {
  item: ConversationItem;
  gone: boolean;
  filter: ListFilter;
  columns: readonly Column[];
  template: string;
  selecting: boolean;
  top: number;
  index: number;
  onPick: (item: ConversationItem, event: MouseEvent) => void;
}

const TableRow = memo(function TableRow({ item, gone, filter, columns, template, selecting, top, index, onPick }: RowProps) {
  const isCursor = useIsCursor(item.id);
  const isTicked = useIsTicked(item.id);
  return (
    <div
      id={rowId(item.id)} role="row" aria-rowindex={index} aria-selected={selecting ? isTicked : isCursor}
      className={clsx(css.row, item.unread && !gone && css.unread, gone && css.gone, isCursor && css.cursor, isCursor && !selecting && css.selected, isTicked && css.ticked)}
      style={{ transform: `translateY(${top}px)`, gridTemplateColumns: template }}
      onClick={(event) => onPick(item, event)}
      onContextMenu={(event) => {
        event.preventDefault();
        cursor.set(item.id);
        runCommand('list.menu');
      }}
    >
      <span
        role="gridcell" className={clsx(css.box, isTicked && css.on)}
        onClick={(event) => {
          event.stopPropagation();
          if (event.shiftKey) tickRange(item.id);
          else toggleTick(item);
        }}
      >
        {isTicked && <Icon name="check" size={12} />}
      </span>
      {columns.map((column) => (
        <span key={column.name} role="gridcell" className={clsx(css.cell, (column.name === 'customer' || column.name === 'subject') && css.loud)}><TableCell column={column} item={item} gone={gone} filter={filter} /></span>
      ))}
    </div>
  );
}, (a, b) => a.item === b.item && a.gone === b.gone && a.columns === b.columns && a.template === b.template && a.selecting === b.selecting && a.top === b.top && a.index === b.index);
