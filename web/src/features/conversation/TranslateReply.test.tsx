import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { commands } from '@/lib/commands';
import { Toasts } from '@/ui/Toast';
import { emptyContent, type Content } from './draft';
import { TranslateReply } from './TranslateReply';
import { offerQuery } from './translation';

const written = (html: string): Content => ({ ...emptyContent, html, text: html.replace(/<[^>]+>/g, '') });

let answer: (body: unknown) => void;

function show(language: string, enabled = true) {
  const queries = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity, retry: false } } });
  queries.setQueryData(offerQuery(7).queryKey, { enabled, customer_language: language });
  const onPut = vi.fn<(content: Content) => void>();
  const page = (html: string) => <QueryClientProvider client={queries}><TranslateReply id={7} content={written(html)} onPut={onPut} /><Toasts /></QueryClientProvider>;
  const { rerender } = render(page('<p>Hello</p>'));
  return { onPut, write: (html: string) => rerender(page(html)) };
}

describe('a reply in the customer’s language', () => {
  beforeEach(() => {
    vi.stubGlobal('fetch', () => new Promise<Response>((done) => {
      answer = (body) => done(new Response(JSON.stringify(body), { headers: { 'Content-Type': 'application/json' } }));
    }));
  });
  afterEach(() => {
    cleanup();
    vi.unstubAllGlobals();
  });

  test('takes the place of what was written, and goes back', async () => {
    const { onPut } = show('tr');
    expect(commands.get().some(({ title }) => title === 'Translate into Turkish')).toBe(true);
    await userEvent.click(screen.getByRole('button', { name: 'Translate into Turkish' }));
    answer({ html: '<p>Merhaba</p>', text: 'Merhaba', from: 'en', to: 'tr' });
    await waitFor(() => expect(onPut).toHaveBeenLastCalledWith(written('<p>Merhaba</p>')));
    await userEvent.click(await screen.findByRole('button', { name: /^Undo/ }));
    expect(onPut).toHaveBeenLastCalledWith(written('<p>Hello</p>'));
  });

  test('leaves what was written meanwhile', async () => {
    const { onPut, write } = show('tr');
    await userEvent.click(screen.getByRole('button', { name: 'Translate into Turkish' }));
    write('<p>Hello, Elif</p>');
    answer({ html: '<p>Merhaba</p>', text: 'Merhaba', from: 'en', to: 'tr' });
    await screen.findByText(/wrote on/);
    expect(onPut).not.toHaveBeenCalled();
  });

  test.each([['en', true], ['en-GB', true], ['', true], ['tr', false]])('is not offered for “%s” where there is a server: %s', (language, enabled) => {
    show(language, enabled);
    expect(screen.queryByRole('button', { name: /Translate/ })).toBeNull();
    expect(commands.get().some(({ id }) => id === 'conversation.translate')).toBe(false);
  });
});
