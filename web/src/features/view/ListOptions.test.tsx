import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useRef } from 'react';
import { expect, test, vi } from 'vitest';
import { api } from '@/api/client';
import { ListOptions } from './ListOptions';

const set = vi.fn();

function Options({ onClose }: { onClose: () => void }) {
  const anchor = useRef<HTMLButtonElement>(null);
  return <><button ref={anchor} /><ListOptions anchor={anchor} view={{ kind: 'saved', viewId: 7 }} viewName="saved-7" search={{}} order={{ now: 'newest', set }} onClose={onClose} /></>;
}

function show(phone: boolean) {
  vi.spyOn(window, 'matchMedia').mockImplementation((media) => ({ matches: phone && media.includes('max-width'), media, addEventListener: () => undefined, removeEventListener: () => undefined }) as unknown as MediaQueryList);
  vi.spyOn(api, 'get').mockImplementation((path) => Promise.resolve((path === '/views' ? { items: [{ id: 7, name: 'Returns', may_edit: true, tabs_by: '', version: 2, conditions: {} }] } : { items: [] }) as never));
  const patch = vi.spyOn(api, 'patch').mockResolvedValue({} as never);
  render(<QueryClientProvider client={new QueryClient()}><Options onClose={() => undefined} /></QueryClientProvider>);
  return patch;
}

test('on a phone the menu of a view gives it tabs', async () => {
  const patch = show(true);
  await userEvent.click(await screen.findByRole('menuitem', { name: 'Tabs by…' }));
  await userEvent.click(await screen.findByRole('menuitemradio', { name: 'Tag' }));
  expect(patch).toHaveBeenCalledWith('/views/7', { body: { tabs_by: 'tag', version: 2 } });
});

test('on a phone it has the order of the list, and no looks that are not for phones', async () => {
  show(true);
  const oldest = await screen.findByRole('menuitemradio', { name: 'Oldest' });
  expect(screen.queryByRole('menuitemradio', { name: 'Table' })).toBeNull();
  await userEvent.click(oldest);
  expect(set).toHaveBeenCalledWith('oldest');
});

test('elsewhere the order stands above the list', async () => {
  show(false);
  await screen.findByRole('menuitemradio', { name: 'Table' });
  expect(screen.queryByRole('menuitemradio', { name: 'Oldest' })).toBeNull();
});
