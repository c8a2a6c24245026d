import { useQueryClient } from '@tanstack/react-query';
import { clsx } from 'clsx';
import { memo, useEffect, useRef, useState, type MouseEvent } from 'react';
import type { ListFilter } from '@/api/conversations';
import type { ConversationItem } from '@/api/types';
import { runCommand, useCommand } from '@/lib/commands';
import { useT } from '@/lib/i18n';
import { setSearch, type SearchOf } from '@/lib/router';
import { useStore } from '@/lib/store';
import { Button } from '@/ui/Button';
import { Icon } from '@/ui/Icon';
import { IconButton } from '@/ui/IconButton';
import { Popover } from '@/ui/Popover';
import { Checkbox } from '@/ui/Toggle';
import { rowId } from './ConversationRow';
import { columnNames, keepLayout, type ColumnName, type ViewLayout } from './layout';
import type { Row } from './rows';
import { useFollowCursor, useWatched } from './Rows';
import { cursor, ticked, tickRange, toggleTick, useIsCursor, useIsTicked } from './state';
import { TableCell } from './TableCell';
import { useWindow } from './useWindow';
import css from './Table.module.css';

type Search = SearchOf<'/inbox/$view'>;
type Sort = NonNullable<Search['sort']>;

interface Props {
  rows: readonly Row[];
  filter: ListFilter;
  viewName: string;
  columns: readonly ColumnName[];
  search: Search;
  selecting: boolean;
  more: boolean;
  failed: boolean;
  loading: boolean;
  onMore: () => void;
  onOpen: (item: ConversationItem) => void;
}

const height = 40;

const widths: Record<ColumnName, string> = {
  number: '64px', customer: 'minmax(0, 1.4fr)', subject: 'minmax(0, 3fr)', status: '104px', priority: '88px', assignee: 'minmax(0, 1fr)', team: 'minmax(0, 1fr)',
  inbox: 'minmax(0, 1fr)', tags: 'minmax(0, 1.3fr)', last_activity: '92px', waiting_since: '92px', due: '132px', created: '92px',
};

// The orders that a list can have, and where they stand in a table. The second is what another press makes of it.
const sorts: Partial<Record<ColumnName, readonly Sort[]>> = { last_activity: ['newest', 'oldest'], waiting_since: ['waiting'], due: ['urgency'] };

/** The conversations of a view in columns. Only the rows in sight are made; their height is the same for all. */
export function Table({ rows, filter, viewName, columns, search, selecting, more, failed, loading, onMore, onOpen }: Props) {
  const t = useT();
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
  const template = { gridTemplateColumns: `16px ${columns.map((name) => widths[name]).join(' ')}` };
  const pick = (item: ConversationItem, event: MouseEvent) => {
    if (event.shiftKey) tickRange(item.id);
    else if (event.metaKey || event.ctrlKey || ticked.get().size) toggleTick(item);
    else onOpen(item);
  };
  return (
    <div
      role="grid" className={css.table} tabIndex={0} data-list aria-label={t('list.label')} aria-multiselectable="true"
      aria-rowcount={more ? -1 : rows.length + 1} aria-colcount={columns.length}
      aria-activedescendant={active !== undefined && rows.some((row) => row.item.id === active) ? rowId(active) : undefined}
    >
      <div role="rowgroup" className={css.headBox}>
        <div role="row" aria-rowindex={1} className={css.head} style={template}>
          <Columns viewName={viewName} layout={{ table: true, columns }} />
          {columns.map((name) => <Head key={name} name={name} search={search} />)}
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
  );
}

function Head({ name, search }: { name: ColumnName; search: Search }) {
  const t = useT();
  const own = sorts[name];
  const now = search.sort ?? 'newest';
  const on = own?.includes(now) ?? false;
  const label = t(`table.${name}`);
  if (!own) return <span role="columnheader" className={css.title}><span className="trunc">{label}</span></span>;
  const next = on && own.length > 1 ? own[(own.indexOf(now) + 1) % own.length]! : own[0]!;
  // What comes first is what is nearest: only the newest have the largest value on top.
  return (
    <span role="columnheader" className={css.title} aria-sort={on ? (now === 'newest' ? 'descending' : 'ascending') : undefined}>
      <button type="button" className={css.sort} title={t('table.sort', { column: label })} onClick={() => setSearch<'/inbox/$view'>({ sort: next === 'newest' ? undefined : next })}>
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
  columns: readonly ColumnName[];
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
        role="presentation" className={clsx(css.box, isTicked && css.on)}
        onClick={(event) => {
          event.stopPropagation();
          if (event.shiftKey) tickRange(item.id);
          else toggleTick(item);
        }}
      >
        {isTicked && <Icon name="check" size={12} />}
      </span>
      {columns.map((name) => <span key={name} role="gridcell" className={clsx(css.cell, (name === 'customer' || name === 'subject') && css.loud)}><TableCell name={name} item={item} gone={gone} filter={filter} /></span>)}
    </div>
  );
}, (a, b) => a.item === b.item && a.gone === b.gone && a.columns === b.columns && a.template === b.template && a.selecting === b.selecting && a.top === b.top && a.index === b.index);

// Which columns there are: mine, for this view.
function Columns({ viewName, layout }: { viewName: string; layout: ViewLayout }) {
  const t = useT();
  const queries = useQueryClient();
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  useCommand('list.columns', () => setOpen(true));
  const toggle = (name: ColumnName, on: boolean) => {
    const columns = columnNames.filter((one) => (one === name ? on : layout.columns.includes(one)));
    if (columns.length) void keepLayout(queries, viewName, { table: true, columns });
  };
  return (
    <span role="columnheader" className={css.choose}>
      <IconButton ref={anchor} icon="table" size={14} label={t('cmd.list_columns')} aria-haspopup="dialog" aria-expanded={open} onClick={() => setOpen(!open)} />
      {open && (
        <Popover anchor={anchor} label={t('table.columns')} onClose={() => setOpen(false)}>
          <div className={css.columns}>
            {columnNames.map((name, place) => (
              <Checkbox key={name} data-autofocus={place === 0 || undefined} checked={layout.columns.includes(name)} onChange={(on) => toggle(name, on)}>{t(`table.${name}`)}</Checkbox>
            ))}
          </div>
        </Popover>
      )}
    </span>
  );
}
