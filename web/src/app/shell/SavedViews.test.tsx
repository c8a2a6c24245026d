import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { api } from '@/api/client';
import { ListHead } from '@/features/view/ListHead';
import { SavedViews } from './SavedViews';

const view = { id: 7, name: 'Returns', counted: true, conditions: { all: [] } };

function show(answer: { count: number; more: boolean }, counted = true) {
  const get = vi.spyOn(api, 'get').mockImplementation((path) => Promise.resolve((path === '/views' ? { items: [{ ...view, counted }] } : path === '/views/7/count' ? answer : { items: [], teams: [], inboxes: [] }) as never));
  get.mockClear();
  render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { staleTime: 60_000 } } })}>
      <SavedViews collapsed={false} />
      <ListHead view={{ kind: 'saved', viewId: 7 }} viewName="saved-7" search={{}} by="" order={{ now: 'newest', set: () => undefined }} arrived={0} total={0} rest={undefined} onShow={() => undefined} />
    </QueryClientProvider>,
  );
  return () => get.mock.calls.filter(([path]) => path === '/views/7/count').length;
}

test('a saved view says above its list the number that it has in the sidebar, asked once', async () => {
  const asked = show({ count: 12, more: false });
  expect(await screen.findByRole('link', { name: 'Returns 12' })).toBeTruthy();
  expect(screen.getByRole('heading', { name: 'Returns 12' })).toBeTruthy();
  expect(asked()).toBe(1);
});

test('more than are counted is 999+ in both places', async () => {
  show({ count: 1000, more: true });
  expect(await screen.findByRole('link', { name: 'Returns 999+' })).toBeTruthy();
  expect(screen.getByRole('heading', { name: 'Returns 999+' })).toBeTruthy();
});

test('a view that is not counted has no number in either', async () => {
  const asked = show({ count: 12, more: false }, false);
  expect(await screen.findByRole('heading', { name: 'Returns' })).toBeTruthy();
  expect(screen.queryByText('12')).toBeNull();
  expect(asked()).toBe(0);
});
