import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Person } from '../support/browser.ts';
import { join } from '../support/colleagues.ts';
import { Desk } from '../support/desk.ts';
import { keepPictures } from '../support/evidence.ts';
import { postMail } from '../support/mail.ts';
import { axe, bareKeys, settled } from '../support/page.ts';
import { message } from '../support/thread.ts';
import { say } from '../support/words.ts';

const subject = 'Is the lamp dimmable?';
const first = '<lamp@customer.example>';

describe('notifications between two agents', () => {
  let desk: Desk;
  let anna: Person;
  let marek: Person;
  let inbox: { id: number; address: string };

  const bell = ({ page }: Person, count: number) => page.getByRole('button', { name: say('nav.notifications', { count }), exact: true });
  const panel = ({ page }: Person) => page.getByRole('dialog', { name: say('notifications.title') });
  const rows = (person: Person) => panel(person).getByRole('listitem');

  keepPictures(() => [anna, marek]);
  beforeAll(async () => {
    desk = await Desk.open();
    anna = await desk.person();
    await desk.setUpQuietly(anna);
    inbox = await desk.addInbox(anna);
    marek = await desk.person();
    await join(desk, anna, marek, { name: 'Marek Novák', email: 'marek@lindenandloom.example', inbox: inbox.id });
    await postMail(desk.program.smtpPort, { from: 'Jane Doe <jane@customer.example>', to: inbox.address, subject, text: 'Before I order.', headers: { 'Message-ID': first } });
    await desk.until<{ items: unknown[] }>(anna, '/conversations', ({ items }) => items.length === 1);
    await marek.page.goto('/inbox/drafts');
    await bell(marek, 0).waitFor();
  });
  afterAll(() => desk?.close());

  test('a mention and an assignment ring at once, and are opened by keyboard alone', async () => {
    const { id } = await desk.api<{ id: number }>(marek, 'GET', '/me');
    await desk.api(anna, 'POST', '/conversations/1/notes', { text: '@Marek Novák can you look?', mention_agent_ids: [id] });
    await bell(marek, 1).waitFor();
    await desk.api(anna, 'PATCH', '/conversations/1', { assignee_id: id });
    await bell(marek, 2).waitFor();
    await vi.waitFor(async () => expect(await marek.page.title()).toMatch(/^\(2\) /));

    const { page } = marek;
    await page.keyboard.press('g');
    await page.keyboard.press('n');
    await rows(marek).filter({ hasText: say('notifications.mention', { name: 'Anna Linden' }) }).waitFor();
    await rows(marek).filter({ hasText: say('notifications.assigned', { name: 'Anna Linden' }) }).waitFor();
    await settled(page);
    expect(await axe(page)).toEqual([]);
    expect(await bareKeys(page)).toEqual([]);
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await message(page, 'can you look?').waitFor();
    await bell(marek, 0).waitFor();
    expect(await page.title()).not.toMatch(/^\(/);
    expect(marek.faults()).toEqual([]);
  });

  test('the customer rings once however often they write, and all is read by one press', async () => {
    const { page } = marek;
    await page.goto('/inbox/drafts');
    await bell(marek, 0).waitFor();
    for (const text of ['Hello?', 'Is anybody there?']) {
      await postMail(desk.program.smtpPort, { from: 'Jane Doe <jane@customer.example>', to: inbox.address, subject: `Re: ${subject}`, text, headers: { 'In-Reply-To': first } });
    }
    await bell(marek, 1).waitFor();
    await bell(marek, 1).click();
    const row = rows(marek).filter({ hasText: say('notifications.customer_reply', { name: 'Jane Doe' }) }).first();
    await row.getByText(say('notifications.times', { count: 2 })).waitFor();
    await panel(marek).getByRole('button', { name: say('notifications.mark_all') }).click();
    await bell(marek, 0).waitFor({ state: 'attached' });
    await page.keyboard.press('Escape');
    await panel(marek).waitFor({ state: 'detached' });
    expect(marek.faults()).toEqual([]);
  });

  test('a note to a team rings for those in it', async () => {
    const { id } = await desk.api<{ id: number }>(marek, 'GET', '/me');
    await desk.api(anna, 'POST', '/teams', { name: 'Orders', agent_ids: [id] });
    await anna.page.goto('/inbox/open/1');
    await message(anna.page, 'can you look?').waitFor();
    await anna.page.keyboard.press('n');
    await anna.page.keyboard.type('@Ord');
    await anna.page.getByRole('option', { name: 'Orders' }).waitFor();
    await anna.page.keyboard.press('Enter');
    await anna.page.keyboard.type('who packs this?');
    await anna.page.keyboard.press('Control+Enter');
    await message(anna.page, 'who packs this?').waitFor();
    await bell(marek, 1).waitFor();
    await bell(anna, 0).waitFor();
    await desk.api(marek, 'POST', '/notifications/read', { all: true });
    await bell(marek, 0).waitFor();
    expect([...anna.faults(), ...marek.faults()]).toEqual([]);
  });

  test('what is switched off in the settings rings no more', async () => {
    const { page } = marek;
    await page.goto('/settings/me');
    const toggle = page.getByRole('switch', { name: say('notifications.on_mention') });
    await toggle.waitFor();
    await toggle.uncheck();
    await page.getByText(say('ui.saved')).first().waitFor();
    const { id } = await desk.api<{ id: number }>(marek, 'GET', '/me');
    await desk.api(anna, 'POST', '/conversations/1/notes', { text: '@Marek Novák again', mention_agent_ids: [id] });
    expect(await desk.api(marek, 'GET', '/notifications/count')).toEqual({ unread: 0 });
    expect(marek.faults()).toEqual([]);
  });

  test('the bell stands in the head of the list on a phone', async () => {
    const { page } = marek;
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto('/inbox/open');
    await bell(marek, 0).click();
    await rows(marek).first().waitFor();
    await settled(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    expect(await axe(page)).toEqual([]);
    expect(marek.faults()).toEqual([]);
  });
});
