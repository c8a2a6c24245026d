import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../support/browser.ts';
import { Desk } from '../support/desk.ts';
import { keepPictures } from '../support/evidence.ts';
import { postMail } from '../support/mail.ts';
import { axe } from '../support/page.ts';
import { message, open, row } from '../support/thread.ts';
import { say } from '../support/words.ts';

describe('a card number in a mail', () => {
  let desk: Desk;
  let anna: Person;
  let address: string;
  const pictures = process.env.DESKBELL_PICTURES;

  keepPictures(() => [anna]);
  beforeAll(async () => {
    desk = await Desk.open();
    anna = await desk.person();
    await desk.setUpQuietly(anna);
    ({ address } = await desk.addInbox(anna, {}));
    await postMail(desk.program.smtpPort, {
      from: 'Jane Doe <jane@customer.example>', to: address, subject: 'Please charge 4111 1111 1111 1111', text: 'My card is 4111-1111-1111-1111, valid until 12/27.',
    });
  });
  afterAll(() => desk?.close());

  const see = async (name: string) => {
    expect(await anna.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), name).toBeLessThanOrEqual(0);
    if (pictures) await anna.page.screenshot({ path: `${pictures}/${name}.png` });
  };

  test('is masked everywhere and the message says so', async () => {
    const { page } = anna;
    await page.goto('/inbox/open');
    await row(page, 'Please charge •••• •••• •••• 1111').click();
    const mail = message(page, 'My card is ••••-••••-••••-1111');
    await mail.getByText(say('facts.card_masked')).waitFor();
    expect((await page.content()).replaceAll(desk.program.url, '')).not.toContain('4111'); // the port may hold those digits
    await see('card-light');
    for (const theme of ['light', 'dark']) {
      await desk.api(anna, 'PATCH', '/me', { theme });
      await page.reload();
      await mail.getByText(say('facts.card_masked')).waitFor();
      expect(await axe(page), theme).toEqual([]);
    }
    await see('card-dark');
    await page.setViewportSize({ width: 390, height: 844 });
    await see('card-phone');
    expect(anna.faults()).toEqual([]);
  });

  test('a file that holds one is withheld, and a legal hold keeps it', async () => {
    const { page } = anna;
    await page.goto('/settings/me');
    await page.setViewportSize({ width: 1280, height: 900 });
    await postMail(desk.program.smtpPort, {
      from: 'Jane Doe <jane@customer.example>', to: address, subject: 'My details as a file', headers: { 'Content-Type': 'multipart/mixed; boundary=m' },
      text: '--m\n\nSee the file.\n--m\nContent-Type: text/plain\nContent-Disposition: attachment; filename="details.txt"\n\nCard 4111 1111 1111 1111\n--m--',
    });
    await page.goto('/inbox/open');
    await open(page, 'My details as a file', 'See the file.');
    const mail = message(page, 'See the file.');
    await mail.getByText(say('message.blocked_card')).waitFor();
    await mail.getByRole('button', { name: say('message.release') }).waitFor();
    const opened = await anna.context.request.get(new URL((await mail.getByRole('link', { name: say('message.open_sealed') }).getAttribute('href'))!, desk.program.url).href);
    expect(await opened.text()).toContain('4111');
    await see('card-file-light');

    const menu = async () => {
      await page.getByRole('button', { name: say('thread.more') }).click();
      await page.getByRole('menuitem', { name: say('cmd.hold') }).click();
    };
    await menu();
    const dialog = page.getByRole('dialog', { name: say('thread.held') });
    await dialog.getByLabel(say('privacy.reason')).fill('A dispute about a payment');
    await see('hold-place');
    await dialog.getByRole('button', { name: say('privacy.hold_do') }).click();
    await dialog.waitFor({ state: 'detached' });
    const chip = page.getByRole('button', { name: say('thread.held') });
    await chip.click();
    await dialog.getByText('A dispute about a payment').waitFor();
    expect(await axe(page)).toEqual([]);
    await see('hold-dark');
    await dialog.getByRole('button', { name: say('privacy.release') }).click();
    await chip.waitFor({ state: 'detached' });
  });

  test('the masking is a switch of the inbox', async () => {
    const { page } = anna;
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto('/settings/inboxes/1');
    const mask = page.getByRole('switch', { name: say('inboxes.mask_cards') });
    await expect.poll(() => mask.isChecked()).toBe(true);
    await mask.scrollIntoViewIfNeeded();
    await see('card-switch');
    await mask.click();
    await page.getByRole('button', { name: say('ui.save'), exact: true }).click();
    await page.getByRole('status').filter({ hasText: say('ui.saved') }).waitFor();
    expect(await desk.api<{ mask_cards: boolean }>(anna, 'GET', '/inboxes/1')).toMatchObject({ mask_cards: false });
  });
});
