import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../support/browser.ts';
import { Desk } from '../support/desk.ts';
import { keepPictures } from '../support/evidence.ts';
import { pressOn } from '../support/keys.ts';
import { feed, list, message, row } from '../support/thread.ts';
import { say } from '../support/words.ts';

interface Item {
  id: number;
  subject: string;
  status: string;
  assignee_id: number | null;
  priority: string;
  snoozed_until: string | null;
  waiting_since: string | null;
  tags: { name: string }[];
}

const people = 20;
const subjectOf = (n: number) => `Parcel ${String(n).padStart(2, '0')}`;

describe('a queue without a mouse', () => {
  let desk: Desk;
  let anna: Person;
  let inbox: { id: number };

  keepPictures(() => [anna]);
  beforeAll(async () => {
    desk = await Desk.open();
    anna = await desk.person();
    await desk.setUpQuietly(anna);
    // Nothing leaves while the journey looks: this inbox cannot send.
    await desk.api(anna, 'PATCH', '/me', { undo_seconds: 30 });
    inbox = await desk.addInbox(anna);
    // The last one arrives first, so that the list begins with number 1.
    for (let n = people; n > 0; n--) await arrive(n);
    await anna.page.goto('/inbox/open');
    await row(anna.page, subjectOf(1)).waitFor();
  });
  afterAll(() => desk?.close());

  const arrive = (n: number) => desk.api(anna, 'POST', '/conversations', {
    inbox_id: inbox.id, direction: 'inbound', customer: { name: `Customer ${n}`, email: `c${n}@customer.example` }, subject: subjectOf(n), text: 'Where is it?',
  });
  const everything = async () => {
    const { items } = await desk.api<{ items: Item[] }>(anna, 'GET', '/conversations?limit=100&status=open,pending,snoozed,closed,spam,trash');
    return new Map(items.map((item) => [item.subject, item]));
  };
  const opened = (n: number) => anna.page.getByRole('heading', { name: subjectOf(n) }).waitFor();
  const has = (n: number, what: (item: Item) => unknown, is: unknown) =>
    expect.poll(async () => what((await everything()).get(subjectOf(n))!), { message: subjectOf(n) }).toEqual(is);

  test('keeps the row under the keys where it is while more arrives', async () => {
    const { page } = anna;
    for (let n = 1; n <= 3; n++) {
      await page.keyboard.press('j');
      await opened(n);
    }
    const place = () => row(page, subjectOf(3)).boundingBox();
    const before = await place();
    for (let n = people + 1; n <= people + 3; n++) await arrive(n);
    const pill = page.getByRole('button', { name: say('list.new', { count: 3 }) });
    await pill.waitFor();
    expect(await place()).toEqual(before);
    await expect.poll(() => list(page).getByRole('option').filter({ hasText: subjectOf(people + 1) }).count()).toBe(0);
    expect(await row(page, subjectOf(3)).getAttribute('aria-selected')).toBe('true');
    // Those who came late are dealt with elsewhere: this queue has twenty.
    const all = await everything();
    for (let n = people + 1; n <= people + 3; n++) await desk.api(anna, 'PATCH', `/conversations/${all.get(subjectOf(n))!.id}`, { status: 'closed' });
    await pill.waitFor({ state: 'detached' });
    await page.keyboard.press('k');
    await opened(2);
    await page.keyboard.press('k');
    await opened(1);
    expect(anna.faults()).toEqual([]);
  });

  test('is cleared: twenty conversations, and the hands never leave the keyboard', async () => {
    const { page } = anna;
    // 1 to 3 are closed, with three keyboards: what is meant is E.
    await page.keyboard.press('e');
    await opened(2);
    await pressOn(page, 'uk', 'e');
    await opened(3);
    await pressOn(page, 'tr', 'e');
    // 4 is taken on a Turkish keyboard, made urgent and closed.
    await opened(4);
    await pressOn(page, 'tr', 'i');
    await has(4, (item) => item.assignee_id, 1);
    await page.keyboard.press('p');
    await page.getByRole('combobox', { name: say('cmd.priority') }).or(page.getByPlaceholder(say('picker.priority'))).first().waitFor();
    await page.keyboard.type('urg');
    await page.keyboard.press('Enter');
    await has(4, (item) => item.priority, 'urgent');
    await page.keyboard.press('e');
    // 5 sleeps until a moment that is typed, 6 until the customer answers.
    await opened(5);
    await page.keyboard.press('s');
    await page.getByRole('textbox', { name: say('snooze.typed') }).waitFor();
    await page.keyboard.type('in 3 days');
    await page.keyboard.press('Enter');
    await opened(6);
    await pressOn(page, 'uk', 'h');
    // 7 comes back if nobody has answered by then.
    await opened(7);
    await page.keyboard.press('Shift+H');
    await page.getByRole('checkbox', { name: say('snooze.unanswered') }).waitFor();
    await expect.poll(() => page.getByRole('checkbox', { name: say('snooze.unanswered') }).isChecked()).toBe(true);
    await page.keyboard.type('in 2 days');
    await page.keyboard.press('Enter');
    // 8 gets a tag and is closed, 9 is spam, 10 is thrown away.
    await opened(8);
    await page.keyboard.press('t');
    await page.getByPlaceholder(say('picker.tag')).waitFor();
    await page.keyboard.type('carrier');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await has(8, (item) => item.tags.map((tag) => tag.name), ['carrier']);
    await page.keyboard.press('e');
    await opened(9);
    await page.keyboard.press('!');
    await opened(10);
    await page.keyboard.press('#');
    // 11 is closed by mistake, and that is taken back.
    await opened(11);
    await page.keyboard.press('e');
    await opened(12);
    await pressOn(page, 'uk', 'z');
    await opened(11);
    await has(11, (item) => item.status, 'open');
    // 15 to 20 are ticked on a Ukrainian keyboard, and closed as one.
    for (let n = 12; n <= 15; n++) await page.keyboard.press('j');
    await opened(15);
    await pressOn(page, 'uk', 'x');
    for (let n = 16; n <= 20; n++) await page.keyboard.press('j');
    await page.keyboard.press('Shift+X');
    await page.getByText(say('bulk.title', { count: 6 })).waitFor();
    await pressOn(page, 'uk', 'e');
    await page.getByText(say('bulk.title', { count: 6 })).waitFor({ state: 'detached' });
    // 11 to 14 are answered together, each by name.
    for (let n = 14; n >= 11; n--) await page.keyboard.press('k');
    await opened(11);
    await page.keyboard.press('x');
    for (let n = 12; n <= 14; n++) await page.keyboard.press('j');
    await page.keyboard.press('Shift+X');
    await page.getByText(say('bulk.title', { count: 4 })).waitFor();
    await page.keyboard.press('r');
    await page.getByRole('textbox', { name: say('replies.bulk_text') }).waitFor();
    await page.keyboard.type('Dear {{ customer.name }}, it is on its way.');
    await page.keyboard.press('Control+Enter');
    await page.getByText(say('bulk.title', { count: 4 })).waitFor({ state: 'detached' });
    for (let n = 11; n <= 14; n++) await has(n, (item) => item.status, 'pending');
    const all = await everything();
    const statuses = Array.from({ length: people }, (_, n) => all.get(subjectOf(n + 1))!.status);
    expect(statuses).toEqual([
      'closed', 'closed', 'closed', 'closed', 'snoozed', 'pending', 'pending', 'closed', 'spam', 'trash',
      'pending', 'pending', 'pending', 'pending', 'closed', 'closed', 'closed', 'closed', 'closed', 'closed',
    ]);
    expect(all.get(subjectOf(6))!.snoozed_until).toBe(null);
    expect(all.get(subjectOf(7))!.snoozed_until).not.toBe(null);
    expect(anna.faults()).toEqual([]);
  });

  test('does not come back for a mere thanks: one key puts it away as it was', async () => {
    const { page } = anna;
    const mail = (from: string, id: string, subject: string, text: string, to?: string) => anna.context.request.post(`${desk.program.url}/api/v1/inboxes/${inbox.id}/mail`, {
      headers: { 'Content-Type': 'message/rfc822' },
      data: [`From: ${from}`, 'To: support@lindenandloom.example', `Subject: ${subject}`, `Message-ID: <${id}@customer.example>`,
        ...(to ? [`In-Reply-To: <${to}@customer.example>`] : []), 'Content-Type: text/plain; charset=utf-8', '', text, ''].join('\r\n'),
    });
    expect((await mail('Eva Berg <eva@customer.example>', 'one', 'The walnut tray', 'Where is it?')).status()).toBeLessThan(300);
    const isTray = (item: Item) => item.subject === 'The walnut tray';
    const { items } = await desk.until<{ items: Item[] }>(anna, '/conversations?view=open', ({ items: some }) => some.some(isTray));
    const first = items.find(isTray);
    const until = new Date(Date.now() + 48 * 3_600_000).toISOString();
    await desk.api(anna, 'PATCH', `/conversations/${first!.id}`, { status: 'snoozed', snoozed_until: until });
    expect((await mail('Eva Berg <eva@customer.example>', 'two', 'Re: The walnut tray', 'Thank you so much!', 'one')).status()).toBeLessThan(300);
    await desk.until<Item>(anna, `/conversations/${first!.id}`, (item) => item.status === 'open');

    await page.goto(`/inbox/all/${first!.id}`);
    await message(page, 'Thank you so much!').waitFor();
    await page.getByText(say('again.thanks', { name: 'Eva Berg' })).waitFor();
    await page.keyboard.press('Shift+S');
    await expect.poll(async () => (await desk.api<Item>(anna, 'GET', `/conversations/${first!.id}`)).status).toBe('snoozed');
    const again = await desk.api<Item>(anna, 'GET', `/conversations/${first!.id}`);
    expect(Date.parse(again.snoozed_until!)).toBe(Date.parse(until));
    // Eva had asked before, and waits for that alone.
    expect(again.waiting_since).toBe(first!.waiting_since);
    // All shows what sleeps and what is done, and nothing of spam and trash.
    await list(page).getByRole('option').first().waitFor();
    await expect.poll(() => row(page, subjectOf(5)).count()).toBe(1);
    await expect.poll(() => row(page, subjectOf(9)).count()).toBe(0);
    await expect.poll(() => feed(page).count()).toBeLessThanOrEqual(1);
    expect(anna.faults()).toEqual([]);
  });

  test('is offered to sleep until the shop is open', async () => {
    const { page } = anna;
    const zone = await page.evaluate(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
    const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
    await desk.api(anna, 'POST', '/business-hours', { name: 'Short', time_zone: zone, week: Object.fromEntries(days.map((day) => [day, [{ from: '10:37', to: '10:40' }]])) });
    await arrive(people + 4);
    const { id } = (await everything()).get(subjectOf(people + 4))!;
    await page.goto(`/inbox/all/${id}`);
    await opened(people + 4);
    await page.keyboard.press('s');
    await page.getByRole('dialog', { name: say('cmd.snooze') }).getByRole('button', { name: /^Tomorrow.*10:37/ }).click();
    await expect.poll(async () => new Date((await desk.api<Item>(anna, 'GET', `/conversations/${id}`)).snoozed_until ?? 0).getMinutes()).toBe(37);
    expect(anna.faults()).toEqual([]);
  });
});
