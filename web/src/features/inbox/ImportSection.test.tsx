import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { api } from '@/api/client';
import { ApiProblem } from '@/api/problem';
import type { Inbox } from '@/api/types';
import { ImportSection } from './ImportSection';
import type { MailImport } from './queries';

const inbox = { id: 4, imap: { host: 'imap.example', folders: ['INBOX'] } } as Inbox;
const one = (change: Partial<MailImport> = {}): MailImport => ({
  id: 7, inbox_id: 4, folder: 'INBOX', since: '2026-01-01T00:00:00Z', until: '2026-02-01T00:00:00Z', state: 'ready', total: 120, total_bytes: 3_000_000,
  seen: 0, kept: 0, known: 0, missed: 0, last_error: '', created_at: '2026-11-21T12:00:00Z', finished_at: null, ...change,
});

function show(imports: MailImport[], folders: { name: string }[] | Error = [{ name: 'INBOX' }, { name: 'Sent' }]) {
  vi.spyOn(api, 'get').mockImplementation((path) => {
    if (!path.endsWith('/folders')) return Promise.resolve({ items: imports, next: '' }) as never;
    return (folders instanceof Error ? Promise.reject(folders) : Promise.resolve({ items: folders, next: '' })) as never;
  });
  const posted = vi.spyOn(api, 'post').mockResolvedValue(one({ state: 'counting' }));
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(<QueryClientProvider client={queries}><ImportSection inbox={inbox} /></QueryClientProvider>);
  return posted;
}

const buttons = (row: HTMLElement) => within(row).getAllByRole('button').map((button) => button.textContent);

describe('old mail', () => {
  afterEach(cleanup);

  test('is counted first: nothing is brought in by asking', async () => {
    const posted = show([]);
    await userEvent.click(screen.getByRole('button', { name: 'Bring in old mail' }));
    const dialog = screen.getByRole('dialog', { name: 'Bring in old mail' });
    expect(within(dialog).getByText(/Nothing is brought in yet/)).toBeTruthy();
    await userEvent.selectOptions(await within(dialog).findByRole('combobox', { name: /^Folder/ }), 'Sent');
    await userEvent.click(within(dialog).getByRole('button', { name: 'Count first' }));
    expect(posted).toHaveBeenCalledTimes(1);
    const [path, sent] = posted.mock.calls[0] as [string, { body: { folder: string; dry_run: boolean; since: string; until: string } }];
    expect([path, sent.body.folder, sent.body.dry_run]).toEqual(['/inboxes/4/imports', 'Sent', true]);
    expect(Date.parse(sent.body.until)).toBeGreaterThan(Date.parse(sent.body.since));
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  test('asks for a name where the folders cannot be listed, and for days in their order', async () => {
    const posted = show([], new ApiProblem(503, { detail: 'The mail server did not answer.' }));
    await userEvent.click(screen.getByRole('button', { name: 'Bring in old mail' }));
    expect(await screen.findByText('The mail server did not answer.')).toBeTruthy();
    const until = screen.getByLabelText(/^To/);
    await userEvent.clear(until);
    await userEvent.type(until, '2001-01-01');
    await userEvent.click(screen.getByRole('button', { name: 'Count first' }));
    expect(screen.getByText('The end lies after the beginning.')).toBeTruthy();
    expect(posted).not.toHaveBeenCalled();
  });

  test.each([
    ['ready', {}, ['Bring in', 'Cancel'], '120 mails, 3 MB.'],
    ['running', { seen: 30, kept: 25, known: 5 }, ['Pause', 'Cancel'], '25 brought in, 5 were here already.'],
    ['paused', { seen: 30 }, ['Go on', 'Cancel'], 'Paused'],
    ['failed', { last_error: 'The folder is not in this mailbox.' }, ['Go on', 'Cancel'], 'The folder is not in this mailbox.'],
  ] as const)('that is %s says how far it is and what can be done', async (state, change, offered, said) => {
    const posted = show([one({ state, ...change })]);
    const row = await screen.findByRole('listitem');
    expect(row.textContent).toContain(said);
    expect(buttons(row)).toEqual(offered);
    const bar = within(row).queryByRole('progressbar');
    expect(bar?.getAttribute('aria-valuenow')).toBe(state === 'running' || state === 'paused' ? '30' : undefined);
    await userEvent.click(within(row).getAllByRole('button')[0]!);
    expect(posted).toHaveBeenCalledWith(`/imports/7/${state === 'running' ? 'pause' : 'start'}`);
  });

  test('that is done names what the server did not hand over, and offers nothing more', async () => {
    show([one({ state: 'done', seen: 120, kept: 117, known: 1, missed: 2 })]);
    const row = await screen.findByRole('listitem');
    expect(row.textContent).toContain('2 mails were not handed over by the server.');
    expect(within(row).queryByRole('button')).toBeNull();
  });
});
