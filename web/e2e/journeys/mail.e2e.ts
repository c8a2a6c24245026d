import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Person } from '../support/browser.ts';
import { connectByPage } from '../support/connect.ts';
import { Desk, owner } from '../support/desk.ts';
import { keepPictures } from '../support/evidence.ts';
import { answerTo, headerOf, textOf } from '../support/received.ts';
import { startMailServers, type MailServers } from '../support/servers.ts';
import { composer, list, message, open, reply, row, write } from '../support/thread.ts';
import { say, saying } from '../support/words.ts';

interface Delivery {
  state: string;
  error?: string;
}

interface Item {
  id: number;
  kind: string;
  text: string;
  delivery: Delivery | null;
}

describe('mail by real servers', () => {
  let servers: MailServers | undefined;
  let desk: Desk;
  let anna: Person;
  let support: string;
  let customer: string;

  keepPictures(() => [anna]);
  beforeAll(async () => {
    servers = await startMailServers();
    if (!servers) return;
    support = servers.users.support.address;
    customer = servers.users.customer.address;
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

  const undoTime = (seconds: number) => desk.api(anna, 'PATCH', '/me', { undo_seconds: seconds });
  const messages = async (conversation: string) =>
    (await desk.api<{ items: Item[] }>(anna, 'GET', `/conversations/${conversation}/messages`)).items;
  const openConversation = () => /\/(\d+)$/.exec(new URL(anna.page.url()).pathname)![1]!;
  const post = (subject: string, text: string, from = `Cem Yılmaz <${customer}>`, headers = {}) =>
    servers!.post({ from, to: support, subject, text, headers });

  test('the guided page connects a mailbox after a test that is all green', async () => {
    await connectByPage(anna.page, servers!, servers!.users.support);
    expect(anna.faults()).toEqual([]);
  });

  test('a mail comes live, is answered with the keyboard, and the answer threads in the customer’s mailbox', async () => {
    const { page } = anna;
    await undoTime(0);
    await page.goto('/inbox/open');
    await page.getByText(say('empty.live')).first().waitFor();
    await page.evaluate('window.sameDocument = true');
    const question = await post('Where is my parcel?', 'Order 1001 has not come yet.');
    await row(page, 'Where is my parcel?').getByText(say('row.unread')).waitFor();

    await open(page, 'Where is my parcel?', 'Order 1001 has not come yet.');
    await reply(page, 'It left our warehouse this morning.');
    await message(page, 'It left our warehouse').getByText(saying('delivery.sent')).waitFor();

    const answer = (await servers!.arrival(customer, 'It left our warehouse')).raw;
    expect(headerOf(answer, 'From')).toBe(`${owner.name} from Linden & Loom <${support}>`);
    expect(headerOf(answer, 'To')).toContain(customer);
    expect(headerOf(answer, 'Subject')).toBe('Re: Where is my parcel?');
    expect(headerOf(answer, 'In-Reply-To')).toBe(headerOf(question, 'Message-ID'));
    expect(headerOf(answer, 'References').split(/\s+/)).toContain(headerOf(question, 'Message-ID'));
    expect(textOf(answer)).toMatch(/It left our warehouse this morning\.[^]*> Order 1001 has not come yet\./);

    const copy = await servers!.arrival(support, 'It left our warehouse', 'Sent');
    expect(headerOf(copy.raw, 'Message-ID')).toBe(headerOf(answer, 'Message-ID'));
    expect(copy.seen).toBe(true);

    await post('Re: Where is my parcel?', 'Thank you, it is here now.', `Cem Yılmaz <${customer}>`, answerTo(answer));
    await message(page, 'Thank you, it is here now.').waitFor();
    await expect(page.evaluate('window.sameDocument')).resolves.toBe(true);
    await expect.poll(() => row(page, 'Where is my parcel?').count()).toBe(1);
    expect(anna.faults()).toEqual([]);
  });

  test('a reply that is taken back is in the composer again and never reaches the customer', async () => {
    const { page } = anna;
    await undoTime(30);
    await page.goto('/inbox/open');
    await post('Two vases?', 'I was sent two vases and paid for one.');
    await open(page, 'Two vases?', 'I was sent two vases and paid for one.');
    await reply(page, 'Please pay for the other one.');
    await message(page, 'Please pay for the other one.').getByRole('button', { name: say('ui.undo') }).click();
    await expect.poll(() => composer(page).innerText()).toContain('Please pay for the other one.');
    await message(page, 'Please pay for the other one.').waitFor({ state: 'detached' });

    // Nothing is left that could still send it.
    await expect.poll(() => desk.api(anna, 'GET', '/ledger/balance')).toMatchObject({ pending_out: 0 });
    const outbound = (await messages(openConversation())).filter(({ kind }) => kind === 'outbound');
    expect(outbound.filter(({ delivery }) => delivery?.state !== 'cancelled')).toEqual([]);
    const received = await servers!.mails(customer);
    expect(received.filter(({ raw }) => raw.includes('Please pay for the other one.'))).toEqual([]);
    expect(anna.faults()).toEqual([]);
  });

  test('a reply that bounces is shown as failed with the reason, and the conversation is open again', async () => {
    const { page } = anna;
    await undoTime(0);
    await page.goto('/inbox/open');
    await post('A ghost asks', 'Do you deliver to castles?', `Sir Simon <${servers!.ghost}>`);
    await open(page, 'A ghost asks', 'Do you deliver to castles?');
    const conversation = openConversation();
    await write(page, 'We do, to the gate.');
    await page.keyboard.press('Control+Enter');
    await message(page, 'We do, to the gate.').getByText(/doesn't exist|does not exist|unknown/i).waitFor();
    await message(page, 'We do, to the gate.').getByRole('button', { name: say('delivery.retry') }).waitFor();
    await expect.poll(() => desk.api(anna, 'GET', `/conversations/${conversation}`)).toMatchObject({ status: 'open' });
    await row(page, 'A ghost asks').waitFor();
    await expect.poll(() => list(page).getByRole('option').filter({ hasText: /undelivered|delivery status/i }).count(), { message: 'the report is no conversation' }).toBe(0);
    expect(anna.faults()).toEqual([]);
  });

  test('a reply waits through an outage of the mail server, says so, and goes out once', async () => {
    const { page } = anna;
    await undoTime(0);
    await page.goto('/inbox/open');
    await post('Which size?', 'Does the rug fit a small hall?');
    await open(page, 'Which size?', 'Does the rug fit a small hall?');
    await servers!.stop('postfix');
    try {
      await reply(page, 'The small one does.');
      await message(page, 'The small one does.').getByText(saying('delivery.again')).waitFor();
    } finally {
      await servers!.start('postfix');
    }
    await message(page, 'The small one does.').getByText(saying('delivery.sent')).waitFor({ timeout: 30_000 });
    await servers!.arrival(customer, 'The small one does.');
    // Mail of one sender to one mailbox keeps its order: what comes later proves that no second one is under way.
    await reply(page, 'The large one does not.');
    await servers!.arrival(customer, 'The large one does not.');
    const received = (await servers!.mails(customer)).filter(({ raw }) => textOf(raw).startsWith('The small one does.'));
    expect(received).toHaveLength(1);
    expect(anna.faults()).toEqual([]);
  });

  test('the ledger balances in the end', async () => {
    await expect.poll(() => desk.api(anna, 'GET', '/ledger/balance')).toMatchObject({ balanced: true, pending_in: 0, pending_out: 0, gaps: [] });
  });
});
