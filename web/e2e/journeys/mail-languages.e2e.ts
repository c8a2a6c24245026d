import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../support/browser.ts';
import { Desk } from '../support/desk.ts';
import { postMail } from '../support/mail.ts';
import { axe, bareKeys } from '../support/page.ts';

const places = ['/inbox/open', '/inbox/open/1', '/inbox/closed/2', '/search?q=chair', '/customers', '/customers/1'];

describe('the inbox', () => {
  let desk: Desk;
  let anna: Person;

  beforeAll(async () => {
    desk = await Desk.open();
    anna = await desk.person();
    await desk.setUpQuietly(anna);
    const inbox = await desk.addInbox(anna, { smtp: { host: '127.0.0.1', port: 9, tls: 'none' } });
    for (const subject of ['A chair without legs', 'Sandalye nerede?', 'いすについて', 'Де мій стілець?']) {
      await postMail(desk.program.smtpPort, { from: 'Jane Doe <jane@customer.example>', to: inbox.address, subject, text: 'I ordered a chair.' });
    }
    await tell();
  });
  afterAll(() => desk?.close());

  // Something of everything that a thread can show.
  async function tell() {
    const change = (body: object) => desk.api(anna, 'PATCH', '/conversations/1', body);
    await desk.api(anna, 'POST', '/conversations/1/notes', { text: 'She wrote before.' });
    await desk.api(anna, 'POST', '/tags', { name: 'damaged', color: 'red' });
    await change({ add_tags: ['damaged'], priority: 'urgent' });
    await change({ assignee_id: (await desk.api<{ id: number }>(anna, 'GET', '/me')).id });
    await change({ status: 'closed' });
    await change({ status: 'open' });
    await desk.api(anna, 'POST', '/conversations/1/replies', { text: 'The legs are on their way.', undo_seconds: 0 });
    await change({ status: 'open' });
    await desk.api(anna, 'PATCH', '/conversations/2', { status: 'closed' });
    await desk.api(anna, 'PATCH', '/conversations/3', { status: 'spam' });
  }

  for (const locale of ['en', 'ja', 'tr', 'uk']) {
    test(`has every word in ${locale}, and nothing that axe finds by day or by night`, async () => {
      const found: string[] = [];
      for (const place of places) {
        await anna.page.emulateMedia({ colorScheme: 'light' });
        await anna.page.goto(`${place}${place.includes('?') ? '&' : '?'}locale=${locale}`);
        await anna.page.locator('#main').waitFor();
        const faults = [...anna.faults(), ...(await bareKeys(anna.page)), ...(await likeKeys(anna.page)), ...(await axe(anna.page))];
        await anna.page.emulateMedia({ colorScheme: 'dark' });
        await anna.page.locator('html[data-theme=dark]').waitFor();
        await anna.page.evaluate(settled);
        faults.push(...(await axe(anna.page)).map((fault) => `by night, ${fault}`));
        found.push(...faults.map((fault) => `${place}: ${fault}`));
      }
      expect(found).toEqual([]);
    });
  }
});

// Colours change gradually; axe must not look in between.
const settled = () => Promise.all(document.getAnimations().filter((one) => one instanceof CSSTransition).map((one) => one.finished));

// Also what has no message at all: words that look like a key.
async function likeKeys(page: Page): Promise<string[]> {
  const text = await page.evaluate(() => document.body.innerText);
  return text.match(/(?<![\w@./-])(?:ui|view|row|list|cmd|thread|message|composer|delivery|event|held|empty|status|priority|presence|customer|search|error)\.[a-z_]+\b/g) ?? [];
}
