import { useQueryClient } from '@tanstack/react-query';
import { Suspense, useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import { conversationQuery } from '@/api/conversations';
import { messagesQuery } from '@/api/messages';
import type { ConversationItem, Id } from '@/api/types';
import { runCommand, useCommand } from '@/lib/commands';
import { lazyPart } from '@/lib/lazyPart';
import { useIsPhone } from '@/lib/media';
import { navigate, type SearchOf } from '@/lib/router';
import { useStore } from '@/lib/store';
import { neighbour, nextUnread, type Row } from './rows';
import { cursor, keepTicked, shownNow, tickAll, ticked, tickRange, toggleTick } from './state';

interface Options {
  rows: readonly Row[];
  viewName: string;
  search: SearchOf<'/inbox/$view'>;
  openId: Id | undefined;
  /** Rows and columns: the mark moves alone, and Enter opens. */
  table: boolean;
}

const RowMenu = lazyPart(() => import('./RowMenu').then((module) => module.RowMenu));

const held = 90;

/** The keys of the list. The mark moves in the same frame; the conversation opens right behind it. */
export function useListKeys({ rows, viewName, search, openId, table }: Options): { open: (item: ConversationItem) => void; menu: ReactNode } {
  const queries = useQueryClient();
  const isPhone = useIsPhone();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const lastMove = useRef(0);
  const [menuFor, setMenuFor] = useState<Id>();
  const selecting = useStore(ticked, (now) => now.size > 0);

  useEffect(() => {
    if (openId !== undefined) cursor.set(openId);
  }, [openId]);
  useEffect(() => () => {
    clearTimeout(timer.current);
  }, []);
  useEffect(() => {
    cursor.set(openId);
    keepTicked();
    // A new view begins without a mark of the old one.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [viewName]);

  // While rows were ticked the mark went its own way; then it is back on what is open.
  useEffect(() => {
    if (!selecting && openId !== undefined) cursor.set(openId);
  }, [selecting, openId]);

  // Always the same function: with another one each row would be rendered again whenever a conversation is opened.
  const place = useRef({ viewName, search, openId });
  useEffect(() => {
    place.current = { viewName, search, openId };
  });
  const go = useCallback((id: Id) => {
    clearTimeout(timer.current);
    const { viewName: view, search: shown, openId: before } = place.current;
    void navigate({ to: '/inbox/$view/$conversationId', params: { view, conversationId: String(id) }, search: shown, replace: before !== undefined });
  }, []);

  const open = useCallback((item: ConversationItem) => {
    cursor.set(item.id);
    go(item.id);
  }, [go]);

  const prefetch = (from: Id, step: 1 | -1) => {
    let id: Id | undefined = from;
    for (let ahead = 0; ahead < 2 && id !== undefined; ahead++) {
      id = neighbour(shownNow.get(), id, step)?.id;
      if (id === undefined) return;
      void queries.prefetchQuery(messagesQuery(id));
      void queries.prefetchQuery(conversationQuery(id));
    }
  };

  const move = (step: 1 | -1) => {
    const to = neighbour(rows, cursor.get(), step);
    if (!to) return;
    cursor.set(to.id);
    const now = performance.now();
    // While the key is held down only the mark runs; the thread opens where it stops.
    const wait = now - lastMove.current < held ? held : 0;
    lastMove.current = now;
    clearTimeout(timer.current);
    // First the mark is painted, then the thread is made, then what comes next is asked for.
    requestAnimationFrame(() => {
      if (cursor.get() !== to.id) return;
      timer.current = setTimeout(() => {
        if (!isPhone && !selecting && !table) go(to.id);
        prefetch(to.id, step);
      }, wait);
    });
  };

  const here = () => rows.find((row) => row.item.id === cursor.get())?.item;
  useCommand('list.next', () => move(1), rows.length > 0);
  useCommand('list.previous', () => move(-1), rows.length > 0);
  useCommand('list.next_unread', () => {
    const to = nextUnread(rows, cursor.get());
    if (to) open(to);
  }, rows.length > 0);
  useCommand('list.open', () => {
    const item = here() ?? rows[0]?.item;
    if (!item) return;
    if (item.id !== openId) open(item);
    document.getElementById('main')?.focus({ preventScroll: true });
  }, rows.length > 0);
  useCommand('list.back', () => {
    if (ticked.get().size) return keepTicked();
    document.querySelector<HTMLElement>('[data-list]')?.focus({ preventScroll: true });
    if (openId !== undefined) void navigate({ to: '/inbox/$view', params: { view: viewName }, search });
  }, openId !== undefined || selecting);
  useCommand('list.select', () => {
    const item = here();
    if (item) toggleTick(item);
  }, rows.length > 0);
  useCommand('list.select_range', () => {
    const item = here();
    if (item) tickRange(item.id);
  }, rows.length > 0);
  useCommand('list.select_all', tickAll, rows.length > 0);
  useCommand('list.menu', () => {
    const item = here();
    if (item) setMenuFor(item.id);
    else runCommand('conversation.menu');
  }, rows.length > 0 || openId !== undefined);

  return { open, menu: menuFor !== undefined && <Suspense><RowMenu id={menuFor} openId={openId} onClose={() => setMenuFor(undefined)} /></Suspense> };
}
