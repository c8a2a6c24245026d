import { useQueryClient } from '@tanstack/react-query';
import { clsx } from 'clsx';
import { useLayoutEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import { announce } from '@/lib/announce';
import { useT } from '@/lib/i18n';
import { IconButton } from '@/ui/IconButton';
import { Popover } from '@/ui/Popover';
import { Checkbox } from '@/ui/Toggle';
import { useMovedFocus } from '@/ui/useMovedFocus';
import { chosenOf, moved, type Column } from './columns';
import { keepLayout, type ColumnName, type ViewLayout } from './layout';
import css from './Table.module.css';

interface Props {
  anchor: RefObject<HTMLElement | null>;
  viewName: string;
  layout: ViewLayout;
  all: readonly Column[];
  onClose: () => void;
}

/** Which columns there are, and in which order: mine, for this view. The chosen ones stand first, as they do in the table. */
export function ColumnsMenu({ anchor, viewName, layout, all, onClose }: Props) {
  const t = useT();
  const queries = useQueryClient();
  const [drag, setDrag] = useState<{ name: ColumnName; order: readonly Column[] }>();
  const focusOn = useMovedFocus(layout.columns);
  const chosen = chosenOf(all, layout.columns);
  const shown = drag?.order ?? chosen;
  // Keys can be faster than what they change comes back.
  const latest = useRef(layout.columns);
  useLayoutEffect(() => {
    latest.current = layout.columns;
  }, [layout.columns]);
  const keep = (columns: readonly Column[]) => {
    latest.current = columns.map(({ name }) => name);
    void keepLayout(queries, viewName, { ...layout, columns: latest.current });
  };
  const toggle = (column: Column, on: boolean) => {
    const next = on ? [...chosen, column] : chosen.filter((one) => one !== column);
    if (!next.length) return;
    keep(next);
    focusOn({ row: column.name });
  };
  const step = (column: Column, way: -1 | 1) => {
    const before = chosenOf(all, latest.current);
    const from = before.indexOf(column);
    const to = from + way;
    if (to < 0 || to >= before.length) return;
    keep(moved(before, from, to));
    focusOn({ row: column.name, way });
    announce(t('table.moved', { name: column.label, place: to + 1, count: chosen.length }));
  };
  const onKeys = (column: Column) => (event: KeyboardEvent) => {
    const way = event.altKey ? ({ ArrowUp: -1, ArrowDown: 1 } as const)[event.key as 'ArrowUp'] : undefined;
    if (way === undefined) return;
    event.preventDefault();
    step(column, way);
  };
  const over = (target: Column) => setDrag((now) => {
    const from = now?.order.findIndex((one) => one.name === now.name) ?? -1;
    return now && { ...now, order: moved(now.order, from, now.order.indexOf(target)) };
  });
  return (
    <Popover anchor={anchor} label={t('table.columns')} onClose={onClose}>
      <ul className={css.columns} aria-label={t('table.columns')}>
        {[...shown, ...all.filter((one) => !chosen.includes(one))].map((column, at) => {
          const on = at < shown.length;
          return (
            <li
              key={column.name} draggable={on} className={clsx(css.column, drag?.name === column.name && css.dragged)} onKeyDown={on ? onKeys(column) : undefined}
              onDragStart={(event) => {
                event.dataTransfer.effectAllowed = 'move';
                event.dataTransfer.setData('text/plain', column.label);
                setDrag({ name: column.name, order: chosen });
              }}
              onDragEnter={() => on && over(column)} onDragOver={(event) => drag && event.preventDefault()} onDrop={(event) => event.preventDefault()}
              onDragEnd={(event) => {
                if (drag && event.dataTransfer.dropEffect !== 'none') keep(drag.order);
                setDrag(undefined);
              }}
            >
              <Checkbox className="grow" data-row={column.name} data-autofocus={at === 0 || undefined} checked={on} disabled={on && shown.length === 1} onChange={(next) => toggle(column, next)}>{column.label}</Checkbox>
              {on && <>
                <IconButton icon="up" size={14} data-row={column.name} data-way="-1" label={t('views.up', { name: column.label })} disabled={at === 0} onClick={() => step(column, -1)} />
                <IconButton icon="down" size={14} data-row={column.name} data-way="1" label={t('views.down', { name: column.label })} disabled={at === shown.length - 1} onClick={() => step(column, 1)} />
              </>}
            </li>
          );
        })}
      </ul>
      <p className={css.hint}>{t('table.columns_help')}</p>
    </Popover>
  );
}
