import { useQuery, useQueryClient } from '@tanstack/react-query';
import { clsx } from 'clsx';
import { useCallback, useEffect, useRef, type MouseEvent } from 'react';
import type { ListFilter } from '@/api/conversations';
import { can, meQuery } from '@/api/directory';
import { watchPresence } from '@/api/presence';
import type { ConversationItem, Id } from '@/api/types';
import { runCommand, type CommandId } from '@/lib/commands';
import { useT } from '@/lib/i18n';
import { useIsPhone } from '@/lib/media';
import { useStore } from '@/lib/store';
import { Button } from '@/ui/Button';
import { ConversationRow, rowId } from './ConversationRow';
import type { Row } from './rows';
import { cursor, ticked, tickRange, toggleTick } from './state';
import { useWindow } from './useWindow';
import type { View } from './views';
import css from './ConversationList.module.css';

interface Props {
  rows: readonly Row[];
  filter: ListFilter;
  view: View;
  compact: boolean;
  selecting: boolean;
  more: boolean;
  failed: boolean;
  loading: boolean;
  onMore: () => void;
  onOpen: (item: ConversationItem) => void;
}

/** The rows themselves. Only those in sight exist; their height is the same for all, so their places are exact. */
export function Rows({ rows, filter, view, compact, selecting, more, failed, loading, onMore, onOpen }: Props) {
  const t = useT();
  const isPhone = useIsPhone();
  const height = isPhone ? 84 : compact ? 44 : 76;
  const { from, to, show, box } = useWindow(rows.length, height);
  useFollowCursor(rows, show);
  const active = useStore(cursor);
  const last = to - 1;
  useWatched(rows, from, last);
  useEffect(() => {
    if (more && !loading && !failed && last >= rows.length - 10) onMore();
  }, [more, loading, failed, last, rows.length, onMore]);

  const pick = useCallback((item: ConversationItem, event: MouseEvent) => {
    if (event.shiftKey) tickRange(item.id);
    else if (event.metaKey || event.ctrlKey || ticked.get().size) toggleTick(item);
    else onOpen(item);
  }, [onOpen]);
  const tick = useCallback((item: ConversationItem, range: boolean) => (range ? tickRange(item.id) : toggleTick(item)), []);
  const menu = useCallback((item: ConversationItem, event: MouseEvent) => {
    event.preventDefault();
    cursor.set(item.id);
    runCommand('list.menu');
  }, []);
  const queries = useQueryClient();
  const { data: me } = useQuery(meQuery);
  const mayChange = can(me, 'conversations:update');
  const mayAssign = !isPhone && mayChange;
  const assign = useCallback((item: ConversationItem, toMe: boolean) => runOn(item.id, toMe ? 'conversation.assign_me' : 'conversation.assign'), []);
  const swipes = isPhone && mayChange && !selecting;
  useEffect(() => {
    if (!swipes || !box.current) return;
    // The rows may be gone by the time that it has come.
    const stop = import('./swipe').then(({ startSwipes }) => box.current && startSwipes(box.current, queries, runOn), () => undefined);
    return () => void stop.then((now) => now?.());
  }, [swipes, box, queries]);
  const marks = useStore(ticked);
  const showAssignee = !(view.kind === 'system' && (view.id === 'mine' || view.id === 'unassigned'));

  return (
    <div
      ref={box} role="listbox" tabIndex={0} className={css.rows} data-list
      aria-label={t('list.label')} aria-multiselectable="true"
      aria-activedescendant={active !== undefined && rows.some((row) => row.item.id === active) ? rowId(active) : undefined}
    >
      <div role="presentation" className={css.track} style={{ height: rows.length * height }}>
        {rows.slice(from, to).map(({ item, gone }, offset) => {
          const index = from + offset;
          const on = marks.has(item.id);
          return (
            <ConversationRow
              key={item.id} item={item} gone={gone} filter={filter} compact={compact} showAssignee={showAssignee} selecting={selecting}
              joins={joinsOf(on && index > 0 && marks.has(rows[index - 1]!.item.id), on && index + 1 < rows.length && marks.has(rows[index + 1]!.item.id))}
              style={rowStyle(index * height)} position={index + 1} total={more ? -1 : rows.length}
              onPick={pick} onTick={tick} onMenu={menu} onAssign={mayAssign ? assign : undefined}
            />
          );
        })}
      </div>
      {failed && <div role="presentation" className={css.moreFailed}><Button size="sm" onClick={onMore}>{t('list.more_failed')}</Button></div>}
      {loading && <div role="presentation" className={clsx(css.loadingMore, 'faint')}>{t('ui.loading')}</div>}
    </div>
  );
}

// The command takes the row of the keys; afterwards the keys stand where they stood.
function runOn(id: Id, command: CommandId): void {
  const before = cursor.get();
  cursor.set(id);
  // A command is there once something is marked.
  setTimeout(() => {
    runCommand(command);
    cursor.set(before);
  });
}

// The same objects for the same places, so that a row which did not change is not rendered.
const joinCache = [
  { above: false, below: false }, { above: true, below: false }, { above: false, below: true }, { above: true, below: true },
] as const;
const joinsOf = (above: boolean, below: boolean) => joinCache[(above ? 1 : 0) + (below ? 2 : 0)]!;

const styles = new Map<number, React.CSSProperties>();
function rowStyle(start: number): React.CSSProperties {
  let style = styles.get(start);
  if (!style) styles.set(start, (style = { transform: `translateY(${start}px)` }));
  return style;
}

// Keeps the row of the keys in sight; it moves only as far as it must.
export function useFollowCursor(rows: readonly Row[], show: (index: number) => void) {
  const latest = useRef(rows);
  useEffect(() => {
    latest.current = rows;
  });
  useEffect(() => cursor.subscribe(() => {
    const index = latest.current.findIndex((row) => row.item.id === cursor.get());
    if (index >= 0) show(index);
  }), [show]);
}

export function useWatched(rows: readonly Row[], from: number, to: number) {
  const ids = rows.slice(from, to + 1).map((row) => row.item.id).join();
  useEffect(() => watchPresence('rows', ids ? ids.split(',').map(Number) : []), [ids]);
  useEffect(() => () => watchPresence('rows', []), []);
}
