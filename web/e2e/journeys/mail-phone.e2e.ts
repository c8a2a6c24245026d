import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
    expect(await list(page).count(), 'one column at a time').toBe(0);
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
});
