import { QueryClient } from '@tanstack/react-query';
import { expect, test, vi } from 'vitest';
import { conversationKeys, patchCached, shortenList, type ListData } from './conversations';
import type { ConversationItem } from './types';

const filter = { view: 'mine' };
const item = (id: number) => ({ id, subject: `S${id}`, unread: true, tags: [] }) as unknown as ConversationItem;

function list(...pages: number[][]): QueryClient {
  const queries = new QueryClient();
  const data = { pages: pages.map((ids) => ({ items: ids.map(item), next: 'more' })), pageParams: pages.map(String) } as ListData;
  queries.setQueryData(conversationKeys.list(filter), data);
  return queries;
}

const shown = (queries: QueryClient) => queries.getQueryData<ListData>(conversationKeys.list(filter))!;

test('a change is put into its row, and the other pages stay what they were', () => {
  const queries = list([1, 2], [3]);
  const before = shown(queries);
  patchCached(queries, 3, { unread: false });
  expect(shown(queries).pages[1]!.items[0]!.unread).toBe(false);
  expect(shown(queries).pages[0]).toBe(before.pages[0]);
});

test('nobody is told of a change that changes nothing', () => {
  const queries = list([1]);
  const told = vi.fn();
  const stop = queries.getQueryCache().subscribe(told);
  patchCached(queries, 1, { unread: true });
  patchCached(queries, 9, { unread: false });
  expect(told).not.toHaveBeenCalled();
  stop();
});

test('a list that is left keeps its pages up to what was open, else the first', () => {
  const queries = list([1], [2], [3]);
  shortenList(queries, filter, 2);
  expect(shown(queries).pages.map((page) => page.items[0]!.id)).toEqual([1, 2]);
  expect(shown(queries).pageParams).toEqual(['1', '2']);
  shortenList(queries, filter, undefined);
  expect(shown(queries).pages).toHaveLength(1);
});
