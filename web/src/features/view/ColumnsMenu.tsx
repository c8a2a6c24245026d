import { useQueryClient } from '@tanstack/react-query';
import { clsx } from 'clsx';
import { useLayoutEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import { announce } from '@/lib/announce';
import { useT } from '@/lib/i18n';
import { IconButton } from '@/ui/IconButton';
import { Popover } from '@/ui/Popover';
import { Checkbox } from '@/ui/Toggle';
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
  const box = useRef<HTMLUListElement>(null);
  const [drag, setDrag] = useState<{ name: ColumnName; order: readonly Column[] }>();
  const [focus, setFocus] = useState<{ name: ColumnName; way?: number }>();
  const chosen = chosenOf(all, layout.columns);
  const shown = drag?.order ?? chosen;
  const keep = (columns: readonly Column[]) => void keepLayout(queries, viewName, { ...layout, columns: columns.map(({ name }) => name) });
  const toggle = (column: Column, on: boolean) => {
    const next = on ? [...chosen, column] : chosen.filter((one) => one !== column);
    if (!next.length) return;
    keep(next);
    setFocus({ name: column.name });
  };
  const step = (column: Column, way: number) => {
    const from = chosen.indexOf(column);
    const to = from + way;
    if (to < 0 || to >= chosen.length) return;
    keep(moved(chosen, from, to));
    setFocus({ name: column.name, way });
    announce(t('table.moved', { name: column.label, place: to + 1, count: chosen.length }));
  };
  const onKeys = (column: Column) => (event: KeyboardEvent) => {
    const way = event.altKey ? { ArrowUp: -1, ArrowDown: 1 }[event.key] : undefined;
    if (way === undefined) return;
    event.preventDefault();
    step(column, way);
  };
  // What was moved stands at another place in the page now: the focus goes with it, at an end to the other way.
  useLayoutEffect(() => {
    const row = focus && box.current?.querySelector(`[data-column="${CSS.escape(focus.name)}"]`);
    const now = document.activeElement;
    if (!row || (row.contains(now) && !now?.matches(':disabled'))) return;
    const ways = [...row.querySelectorAll<HTMLButtonElement>('button:enabled')];
    const way = focus.way === undefined ? undefined : (ways.find((one) => one.dataset.way === String(focus.way)) ?? ways[0]);
    (way ?? row.querySelector('input'))?.focus();
  }, [focus, layout.columns]);

  const over = (target: Column) => setDrag((now) => {
    const from = now?.order.findIndex((one) => one.name === now.name) ?? -1;
    return now && { ...now, order: moved(now.order, from, now.order.indexOf(target)) };
  });
  return (
    <Popover anchor={anchor} label={t('table.columns')} onClose={onClose}>
      <ul ref={box} className={css.columns} aria-label={t('table.columns')}>
        {[...shown, ...all.filter((one) => !chosen.includes(one))].map((column, at) => {
          const on = at < shown.length;
          return (
            <li
              key={column.name} data-column={column.name} draggable={on} className={clsx(css.column, drag?.name === column.name && css.dragged)} onKeyDown={on ? onKeys(column) : undefined}
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
              <Checkbox className="grow" data-autofocus={at === 0 || undefined} checked={on} disabled={on && shown.length === 1} onChange={(next) => toggle(column, next)}>{column.label}</Checkbox>
              {on && <>
                <IconButton icon="up" size={14} data-way="-1" label={t('views.up', { name: column.label })} disabled={at === 0} onClick={() => step(column, -1)} />
                <IconButton icon="down" size={14} data-way="1" label={t('views.down', { name: column.label })} disabled={at === shown.length - 1} onClick={() => step(column, 1)} />
              </>}
            </li>
          );
        })}
      </ul>
      <p className={css.hint}>{t('table.columns_help')}</p>
    </Popover>
  );
}
