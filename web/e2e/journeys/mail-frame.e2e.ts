import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../support/browser.ts';
import { Desk } from '../support/desk.ts';
import { postMail } from '../support/mail.ts';
import { settled } from '../support/page.ts';

const endings = {
  'a paragraph': '<p style="color:#333">The legs are missing.</p>',
  'a paragraph in boxes': '<div><div><p style="margin:0 0 24px">The legs are missing.</p></div></div>',
  'empty paragraphs': '<div style="color:#333">The legs are missing.</div><p>&nbsp;</p><p><br></p><br>',
  'a counting pixel': '<p style="color:#333">The legs are missing.</p><img src="https://shop.example/o.gif" width="1" height="1">',
};

describe('a rich mail', () => {
  let desk: Desk;
  let anna: Person;

  beforeAll(async () => {
    desk = await Desk.open();
    anna = await desk.person();
    await desk.setUpQuietly(anna);
    const { address } = await desk.addInbox(anna);
    for (const [subject, text] of Object.entries(endings)) {
      await postMail(desk.program.smtpPort, { from: 'Jane Doe <jane@customer.example>', to: address, subject, text, headers: { 'Content-Type': 'text/html; charset=utf-8' } });
    }
    await desk.until(anna, `/conversations/${Object.keys(endings).length}`, () => true);
  });
  afterAll(() => desk?.close());

  for (const [at, ending] of Object.keys(endings).entries()) {
    test(`that closes with ${ending} ends where its words end`, async () => {
      const { page } = anna;
      await page.goto(`/conversations/${at + 1}`);
      await settled(page);
      const frame = page.locator('iframe').first();
      await frame.contentFrame().getByText('The legs are missing.').waitFor();
      await expect.poll(() => frame.evaluate((element: HTMLIFrameElement) => {
        const inside = element.contentDocument!;
        const words = inside.createRange();
        words.selectNodeContents([...inside.querySelectorAll('p, div')].find((one) => one.childElementCount === 0)!);
        return Math.round(element.clientHeight - words.getBoundingClientRect().bottom);
      })).toBeLessThanOrEqual(16);
    });
  }
});
