import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import { HealthChip, HealthWords } from './HealthChip';
import { healthQuery, type Health } from './queries';

const folder = { name: 'INBOX', sent: false, junk: false, idle: true, last_success_at: new Date(Date.now() - 60_000).toISOString(), backlog: 0, last_error: '', last_error_at: null };
const good: Health = {
  state: 'receiving', last_success_at: folder.last_success_at, backlog: 0, last_error: '', last_error_at: null,
  sending: { last_success_at: null, last_error: '', last_error_at: null, queued: 0 },
  folders: [folder], last_mail_at: folder.last_success_at, usual_pause_seconds: 0, consent: null as unknown as Health['consent'],
};

function show(change: Partial<Health>) {
  const queries = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity, retry: false } } });
  queries.setQueryData(healthQuery(4).queryKey, { ...good, ...change });
  const { container } = render(<QueryClientProvider client={queries}><HealthChip id={4} /><HealthWords id={4} /></QueryClientProvider>);
  return container.textContent;
}

describe('the health of an inbox', () => {
  afterEach(cleanup);

  test('says when mail was last read and what waits on the server', () => {
    expect(show({ backlog: 3 })).toMatch(/^ReceivingRead .*3 mails wait to be fetched\.$/);
  });

  test('warns when nothing came for longer than usual, and says what to try', () => {
    const text = show({ state: 'quiet', last_mail_at: new Date(Date.now() - 30 * 3_600_000).toISOString(), usual_pause_seconds: 11 * 3600 });
    expect(text).toContain('Unusually quiet');
    expect(text).toContain('the longest pause was 11 hours');
    expect(text).toContain('Send a mail to this address');
  });

  test('names what went wrong once, and when it last went well', () => {
    const wrong = 'imap.example refused the connection.';
    const text = show({ state: 'error', last_error: wrong, folders: [{ ...folder, last_error: wrong }, { ...folder, name: 'Sent', sent: true, last_error: wrong }] });
    expect(text.split(wrong)).toHaveLength(2);
    expect(text).toContain('Not receiving');
    expect(text).toContain('Read ');
  });

  test('names the one folder of several that makes trouble', () => {
    const text = show({ folders: [folder, { ...folder, name: 'Orders', last_error: 'The folder is not in this mailbox.' }, { ...folder, name: 'Junk', junk: true }] });
    expect(text).toContain('Orders: The folder is not in this mailbox.');
    expect(text).not.toContain('Junk:');
  });

  test('tells of sending apart from receiving', () => {
    const text = show({ sending: { last_success_at: null, last_error: 'smtp.example did not accept user name and password.', last_error_at: null, queued: 2 } });
    expect(text).toContain('Sending: smtp.example did not accept user name and password.');
    expect(text).toContain('2 replies wait to be sent.');
  });

  test('of one that nobody reads promises nothing', () => {
    expect(show({ state: 'idle', folders: [], last_success_at: null })).toContain('Handed in');
    expect(screen.queryByText(/Read /)).toBeNull();
  });
});
