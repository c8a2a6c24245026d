import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import type { Person } from '../support/browser.ts';
import { Desk } from '../support/desk.ts';
import { keepPictures } from '../support/evidence.ts';
import { openSink, postMail, type Sink } from '../support/mail.ts';
import { composer, list, message, row } from '../support/thread.ts';
import { say, saying } from '../support/words.ts';

describe('on a phone', () => {
  let desk: Desk;
  let sink: Sink;
  let anna: Person;

  keepPictures(() => [anna]);
  beforeAll(async () => {
    [desk, sink] = await Promise.all([Desk.open(), openSink()]);
    anna = await desk.person({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    await desk.setUpQuietly(anna);
    await desk.api(anna, 'PATCH', '/me', { undo_seconds: 0 });
    const inbox = await desk.addInbox(anna, { smtp: { host: '127.0.0.1', port: sink.port, tls: 'none' } });
    const subject = 'A very long subject about a table that is too wide for the door of the flat in which it should stand';
    const from = 'Jane Doe <jane@customer.example>';
    await postMail(desk.program.smtpPort, { from, to: inbox.address, subject, text: 'Can I have a narrower one?' });
    await postMail(desk.program.smtpPort, { from, to: inbox.address, subject: 'And a chair', text: 'Does it match?' });
  });
  afterAll(async () => {
    await desk?.close();
    await sink?.close();
  });

  const tooWide = () => anna.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

  test('the way leads from the list to the conversation, a reply, and back', async () => {
    const { page } = anna;
    await page.goto('/inbox/open');
    await row(page, 'A very long subject').waitFor();
    expect(await tooWide()).toBeLessThanOrEqual(0);

    await row(page, 'A very long subject').tap();
    await message(page, 'Can I have a narrower one?').waitFor();
    await expect.poll(() => list(page).count(), { message: 'one column at a time' }).toBe(0);
    expect(await tooWide()).toBeLessThanOrEqual(0);

    await composer(page).tap();
    await page.keyboard.type('We have one of 70 centimetres.');
    await page.getByRole('button', { name: say('cmd.send'), exact: true }).tap();
    await message(page, 'We have one of 70 centimetres.').getByText(saying('delivery.sent')).waitFor();
    await sink.waitFor('We have one of 70 centimetres.');

    await page.getByRole('button', { name: say('thread.to_list') }).tap();
    await row(page, 'And a chair').waitFor();
    expect(await tooWide()).toBeLessThanOrEqual(0);
    expect(anna.faults()).toEqual([]);
  });

  test('a row that is drawn aside is closed, and Undo brings it back; a little is nothing', async () => {
    const { page } = anna;
    await draw(page, 'And a chair', 60);
    await row(page, 'And a chair').waitFor();
    await expect.poll(() => page.getByRole('button', { name: say('ui.undo') }).count()).toBe(0);
    await draw(page, 'And a chair', 220);
    await expect.poll(async () => (await desk.api<{ status: string }>(anna, 'GET', '/conversations/2')).status).toBe('closed');
    await page.getByRole('button', { name: say('ui.undo') }).tap();
    await row(page, 'And a chair').getByText(say('status.closed')).waitFor({ state: 'detached' });
    await draw(page, 'And a chair', -220);
    await page.getByRole('dialog').getByRole('button').first().waitFor();
    await page.keyboard.press('Escape');
    expect(page.url(), 'nothing was opened by it').toMatch(/\/inbox\/open$/);
    expect(anna.faults()).toEqual([]);
  });

  test('what a swipe does belongs to the account; what was chosen on the device before moves there once', async () => {
    const { page } = anna;
    const kept = async () => {
      const { swipe_to_end, swipe_to_start } = await desk.api<{ swipe_to_end: string; swipe_to_start: string }>(anna, 'GET', '/me');
      return [swipe_to_end, swipe_to_start];
    };
    await page.evaluate(() => localStorage.setItem('deskbell.prefs', JSON.stringify({ listWidth: 360, swipeToEnd: 'unread', swipeToStart: 'snooze' })));
    await page.goto('/inbox/open');
    await expect.poll(kept).toEqual(['unread', 'snooze']);
    await expect.poll(() => page.evaluate(() => localStorage.getItem('deskbell.prefs'))).not.toContain('swipe');
    await page.goto('/settings/me');
    await page.getByLabel(say('profile.swipe_to_end')).selectOption('none');
    await expect.poll(kept).toEqual(['none', 'snooze']);
    await page.goto('/inbox/open');
    await draw(page, 'And a chair', 220);
    await row(page, 'And a chair').waitFor();
    expect(await page.getByRole('button', { name: say('ui.undo') }).count()).toBe(0);
    expect(anna.faults()).toEqual([]);
  });
});

// What a finger does: the browser's own touch, so that scrolling and the system's gestures have their say.
async function draw(page: Page, subject: string, by: number): Promise<void> {
  const box = (await row(page, subject).boundingBox())!;
  const session = await page.context().newCDPSession(page);
  const [x, y] = [box.x + box.width / 2 - by / 2, box.y + box.height / 2];
  const touch = (type: string, at?: number) => session.send('Input.dispatchTouchEvent', { type, touchPoints: at === undefined ? [] : [{ x: at, y }] } as never);
  await touch('touchStart', x);
  for (let step = 1; step <= 8; step++) await touch('touchMove', x + (by * step) / 8);
  await touch('touchEnd');
  await session.detach();
}
