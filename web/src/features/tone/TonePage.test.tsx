import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { api } from '@/api/client';
import { TonePage } from './TonePage';

const rule = {
  id: 1, name: 'Short sentences', kind: 'length', strictness: 'hint', enabled: true, languages: [], inbox_ids: [], reason: '', terms: [], form: '',
  max_words: 25, max_characters: 80, phrases: [], when: 'always', examples: [], ignored: 0, version: 1,
};

function show(missing: number) {
  vi.spyOn(api, 'get').mockImplementation((path) => Promise.resolve((
    path === '/me' ? { id: 1, role: {}, permissions: ['replies:manage'] } : path === '/tone-rules/starter' ? { missing } : path === '/tone-rules' ? { items: [rule] } : { items: [] }
  ) as never));
  render(<QueryClientProvider client={new QueryClient()}><TonePage /></QueryClientProvider>);
}

test('what is left of the starter set is offered with its number', async () => {
  show(3);
  expect(await screen.findByRole('button', { name: 'Add 3 more rules from the starter set' })).toBeTruthy();
});

test('a starter set that is there whole is not offered', async () => {
  show(0);
  await screen.findByText('Short sentences');
  await vi.waitFor(() => expect(api.get).toHaveBeenCalledWith('/tone-rules/starter', expect.anything()));
  expect(screen.queryByRole('button', { name: /starter set/ })).toBeNull();
});
