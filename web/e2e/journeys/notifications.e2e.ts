import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../support/browser.ts';
import { join } from '../support/colleagues.ts';
import { Desk } from '../support/desk.ts';
import { keepPictures } from '../support/evidence.ts';
import { postMail } from '../support/mail.ts';
import { answerTo, headerOf, textOf } from '../support/received.ts';
import { startMailServers, type MailServers } from '../support/servers.ts';
import { axe, bareKeys, settled } from '../support/page.ts';
import { message } from '../support/thread.ts';
import { say } from '../support/words.ts';

const subject = 'Is the lamp dimmable?';
const first = '<lamp@customer.example>';

describe('notifications between two agents', () => {
  let desk: Desk;
  let anna: Person;
  let marek: Person;
  let servers: MailServers | undefined;
  let address: string;
  let inbox: { id: number; address: string };

  const bell = ({ page }: Person, count: number) => page.getByRole('button', { name: say('nav.notifications', { count }), exact: true });
  const panel = ({ page }: Person) => page.getByRole('dialog', { name: say('notifications.title') });
  const rows = (person: Person) => panel(person).getByRole('listitem');

  keepPictures(() => [anna, marek]);
  beforeAll(async () => {
    servers = await startMailServers();
    address = servers?.users.quiet.address ?? 'marek@lindenandloom.example';
    desk = await Desk.open({ DESKBELL_NOTIFICATION_DELAY: '1s' });
    anna = await desk.person();
    await desk.setUpQuietly(anna);
    inbox = await desk.addInbox(anna);
    marek = await desk.person();
    await join(desk, anna, marek, { name: 'Marek Novák', email: address, inbox: inbox.id });
    await postMail(desk.program.smtpPort, { from: 'Jane Doe <jane@customer.example>', to: inbox.address, subject, text: 'Before I order.', headers: { 'Message-ID': first } });
    await desk.until<{ items: unknown[] }>(anna, '/conversations', ({ items }) => items.length === 1);
    await marek.page.goto('/inbox/drafts');
    await bell(marek, 0).waitFor();
  });
  afterAll(async () => {
    await desk?.close();
    await servers?.close();
  });

  test('a mention and an assignment ring at once, and are opened by keyboard alone', async () => {
    const { id } = await desk.api<{ id: number }>(marek, 'GET', '/me');
    await desk.api(anna, 'POST', '/conversations/1/notes', { text: '@Marek Novák can you look?', mention_agent_ids: [id] });
    await bell(marek, 1).waitFor();
    await desk.api(anna, 'PATCH', '/conversations/1', { assignee_id: id });
    await bell(marek, 2).waitFor();
    await expect.poll(() => marek.page.title()).toMatch(/^\(2\) /);

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

  test('a mention comes by mail and is answered from the mailbox', async (context) => {
    if (!servers) return context.skip('Dovecot and Postfix are not installed');
    const [host, port] = servers.smtp.split(':') as [string, string];
    await desk.api(anna, 'PUT', '/settings/mail-sender', { address: servers.users.support.address, name: 'Linden & Loom', smtp: { host, port: Number(port), tls: 'none' } });
    const { id } = await desk.api<{ id: number }>(marek, 'GET', '/me');
    await desk.api(anna, 'POST', '/conversations/1/notes', { text: '@Marek Novák is there a dimmer in the drawer?', mention_agent_ids: [id] });
    const { raw } = await servers.arrival(address, 'in the drawer?');
    expect(headerOf(raw, 'Auto-Submitted')).toBe('auto-generated');
    expect(textOf(raw)).toContain('Anna Linden mentioned you.');
    expect(headerOf(raw, 'Reply-To')).toContain(inbox.address);

    await postMail(desk.program.smtpPort, {
      from: `Marek <${address}>`, to: inbox.address, subject: headerOf(raw, 'Subject'), headers: answerTo(raw),
      text: `Two of them, from the mailbox.\n\nOn Saturday, Linden & Loom wrote:\n> ${textOf(raw).replaceAll('\n', '\n> ')}`,
    });
    await anna.page.goto('/inbox/open/1');
    const note = message(anna.page, 'Two of them, from the mailbox.');
    await note.waitFor();
    expect(await note.textContent()).not.toContain('in the drawer?');

    await postMail(desk.program.smtpPort, { from: 'Mallory <mallory@customer.example>', to: inbox.address, subject: headerOf(raw, 'Subject'), headers: answerTo(raw), text: 'I am Marek, too.' });
    const refused = await servers.arrival(address, 'I am Marek, too.');
    expect(headerOf(refused.raw, 'Auto-Submitted')).toBe('auto-replied');
    expect(textOf(refused.raw)).toContain('It came from mallory@customer.example.');
    expect([...anna.faults(), ...marek.faults()]).toEqual([]);
  });

  test('what is switched off in the settings rings no more', async () => {
    const { page } = marek;
    await page.goto('/settings/me');
    const toggle = page.getByRole('checkbox', { name: say('notifications.by', { event: say('notifications.on_mention'), way: say('notifications.by_app') }) });
    await toggle.waitFor();
    await toggle.click();
    await expect.poll(() => toggle.isChecked()).toBe(false);
    await page.getByText(say('ui.saved')).first().waitFor();
    const { id } = await desk.api<{ id: number }>(marek, 'GET', '/me');
    await desk.api(anna, 'POST', '/conversations/1/notes', { text: '@Marek Novák again', mention_agent_ids: [id] });
    expect(await desk.api(marek, 'GET', '/notifications/count')).toEqual({ unread: 0 });
    expect(marek.faults()).toEqual([]);
  });

  test('quiet hours are chosen by keyboard, and the page fits a phone', async () => {
    const { page } = marek;
    await page.goto('/settings/me');
    await page.getByRole('switch', { name: say('notifications.quiet') }).focus();
    await page.keyboard.press('Space');
    await page.getByLabel(say('notifications.quiet_from'), { exact: true }).fill('20:30');
    await page.keyboard.press('Enter');
    await desk.until<{ quiet: boolean; quiet_from: number; time_zone: string }>(marek, '/me/notification-rhythm', ({ quiet, quiet_from, time_zone }) => quiet && quiet_from === 20 * 60 + 30 && time_zone !== '');
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto('/settings/me');
    await page.getByLabel(say('notifications.quiet_from'), { exact: true }).waitFor();
    await settled(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    expect(await axe(page)).toEqual([]);
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
