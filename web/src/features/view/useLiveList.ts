import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { api } from '@/api/client';
import { conversationKeys, type ListData, type ListFilter } from '@/api/conversations';
import { onRenewed, type Renewal } from '@/api/renewed';
import type { ConversationItem, Id, Page } from '@/api/types';
import { canJudge, matches } from './match';
import { flatten } from './rows';

const pause = 400;
const none: ReadonlySet<Id> = new Set();

/**
 * What arrived for this list and is not shown yet. Rows are renewed where they stand; new ones wait here until they
 * are asked for, so that nothing moves under the pointer. An empty list takes them at once.
 */
export function useLiveList(filter: ListFilter, me: Id) {
  const queries = useQueryClient();
  const key = JSON.stringify(filter);
  // Kept with the list it belongs to: another list begins with nothing new.
  const [state, setState] = useState<{ key: string; ids: ReadonlySet<Id> }>({ key, ids: none });
  const setArrived = useCallback((how: (ids: ReadonlySet<Id>) => ReadonlySet<Id>) =>
    setState((now) => ({ key, ids: how(now.key === key ? now.ids : none) })), [key]);
  const latest = useRef(filter);
  useEffect(() => {
    latest.current = filter;
  });

  const show = useCallback(async () => {
    setArrived(() => none);
    const list = conversationKeys.list(latest.current);
    // Only the first page is asked anew; the rest follows while scrolling.
    queries.setQueryData<ListData>(list, (data) => data && { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) });
    await queries.refetchQueries({ queryKey: list, exact: true });
  }, [queries, setArrived]);

  useEffect(() => {
    const listed = () => flatten(queries.getQueryData<ListData>(conversationKeys.list(latest.current)));
    let timer: ReturnType<typeof setTimeout> | undefined;

    function take(found: readonly ConversationItem[]) {
      const items = listed();
      const known = new Set(items.map((item) => item.id));
      const fresh = found.filter((item) => !known.has(item.id)).map((item) => item.id);
      if (!fresh.length) return;
      if (!items.some((item) => matches(item, latest.current, me))) void show();
      else setArrived((now) => new Set([...now, ...fresh]));
    }

    async function compareFirstPage() {
      timer = undefined;
      const page = await api
        .get<Page<ConversationItem>>('/conversations', { query: { ...latest.current, limit: 50 } })
        .catch(() => undefined);
      if (page) take(page.items);
    }

    function renewed(renewal: Renewal) {
      if (renewal.kind === 'many' || !canJudge(latest.current)) timer ??= setTimeout(() => void compareFirstPage(), pause);
      else if (matches(renewal.conversation, latest.current, me)) take([renewal.conversation]);
      else setArrived((now) => without(now, renewal.conversation.id));
    }

    const stop = onRenewed(renewed);
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [queries, key, me, show, setArrived]);

  return { arrived: state.key === key ? state.ids.size : 0, show };
}

function without(ids: ReadonlySet<Id>, id: Id): ReadonlySet<Id> {
  if (!ids.has(id)) return ids;
  const next = new Set(ids);
  next.delete(id);
  return next;
}
