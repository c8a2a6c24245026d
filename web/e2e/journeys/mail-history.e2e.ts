import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Person } from '../support/browser.ts';
import { connectByPage } from '../support/connect.ts';
import { Desk } from '../support/desk.ts';
import { keepPictures } from '../support/evidence.ts';
import { rawMail } from '../support/mail.ts';
import { startMailServers, type Mailbox, type MailServers } from '../support/servers.ts';
import { list, row } from '../support/thread.ts';
import { say } from '../support/words.ts';

const day = 86_400_000;

describe('a mailbox with 500 old mails', () => {
  let servers: MailServers | undefined;
  let desk: Desk;
  let anna: Person;

  keepPictures(() => [anna]);
  beforeAll(async () => {
    servers = await startMailServers();
    if (!servers) return;
    desk = await Desk.open();
    anna = await desk.person();
    await desk.setUpQuietly(anna);
  });
  afterAll(async () => {
    await desk?.close();
    await servers?.close();
  });
  beforeEach((context) => {
    if (!servers) context.skip('Dovecot and Postfix are not installed');
  });

  // Half of them from this week, half from a month ago.
  async function fillWithOld({ address }: Mailbox) {
    const raws = (name: string, at: Date) => Array.from({ length: 250 }, (_, n) => rawMail({
      from: `customer${n}@post.test`, to: address, subject: `${name} ${n}`, text: 'Long ago.', headers: { Date: at.toUTCString() },
    }));
    for (const [name, age] of [['From last month', 30], ['From this week', 2]] as const) {
      const at = new Date(Date.now() - age * day);
      await servers!.append(address, 'INBOX', at, raws(name, at));
    }
  }
  const count = async (query: string) => {
    let [all, next] = [0, ''];
    do {
      const answer = await desk.api<{ items: { unread: boolean }[]; next: string }>(anna, 'GET', `/conversations?limit=100&${query}&cursor=${next}`);
      all += answer.items.length;
      next = answer.next;
    } while (next);
    return all;
  };

  test('does not flood the inbox when it is connected', async () => {
    const { page } = anna;
    const { quiet } = servers!.users;
    await fillWithOld(quiet);
    await connectByPage(page, servers!, quiet);
    await page.goto('/inbox/open');
    await servers!.post({ from: 'Cem <customer@post.test>', to: quiet.address, subject: 'The first new one', text: 'Hello!' });
    await row(page, 'The first new one').waitFor();
    await expect.poll(() => list(page).getByRole('option').count()).toBe(1);
    expect(await count('status=open,pending,snoozed,closed')).toBe(1);
    expect(anna.faults()).toEqual([]);
  });

  test('brings in the last 7 days on request, closed and read', async () => {
    const { page } = anna;
    const { old } = servers!.users;
    await fillWithOld(old);
    await connectByPage(page, servers!, old, 7);
    await expect.poll(() => count('status=closed'), { timeout: 30_000, interval: 500 }).toBe(250);
    await page.goto('/inbox/open');
    await row(page, 'The first new one').waitFor();
    await expect.poll(() => list(page).getByRole('option').count(), { message: 'the inbox holds what is new, alone' }).toBe(1);
    await page.goto('/inbox/closed');
    await list(page).getByRole('option').filter({ hasText: 'From this week' }).first().waitFor();
    await expect.poll(() => list(page).getByText(say('row.unread')).count()).toBe(0);
    await expect.poll(() => list(page).getByRole('option').filter({ hasText: 'From last month' }).count()).toBe(0);
    expect(anna.faults()).toEqual([]);
  });
});
