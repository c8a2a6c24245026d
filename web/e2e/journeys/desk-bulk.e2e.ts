import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../support/browser.ts';
import { Desk } from '../support/desk.ts';
import { keepPictures } from '../support/evidence.ts';
import { row } from '../support/thread.ts';
import { say } from '../support/words.ts';

interface Item {
  id: number;
  status: string;
  assignee_id: number | null;
}

describe('many conversations at once', () => {
  let desk: Desk;
  let anna: Person;

  keepPictures(() => [anna]);
  beforeAll(async () => {
    desk = await Desk.open();
    anna = await desk.person();
    await desk.setUpQuietly(anna);
    const inbox = await desk.addInbox(anna);
    for (const [name, subject] of [['Jane Doe', 'A late parcel'], ['', 'Another late parcel'], ['Émile Roux', 'Un colis en retard']]) {
      await desk.api(anna, 'POST', '/conversations', { inbox_id: inbox.id, direction: 'inbound', customer: { name, email: `${subject!.length}@customer.example` }, subject, text: 'Hello' });
    }
    await anna.page.goto('/inbox/open');
    await row(anna.page, 'A late parcel').first().waitFor();
  });
  afterAll(() => desk?.close());

  const all = async () => (await desk.api<{ items: Item[] }>(anna, 'GET', '/conversations')).items.sort((a, b) => a.id - b.id);

  test('are answered each by name, and the one that cannot be is shown and stays chosen', async () => {
    const { page } = anna;
    await page.keyboard.press('Control+a');
    await page.keyboard.press('r');
    const dialog = page.getByRole('dialog', { name: say('bulk.reply') });
    await dialog.getByRole('textbox', { name: say('replies.bulk_text') }).fill('Dear ');
    await dialog.getByRole('button', { name: 'customer.first_name' }).click();
    await page.keyboard.type(', it comes tomorrow.');
    await dialog.getByText('Dear Émile, it comes tomorrow.').waitFor();
    await page.keyboard.press('Control+Enter');
    await page.getByText(say('bulk.failed', { count: 1 })).waitFor();
    await page.getByText('customer.first_name has no value for this customer.').waitFor();
    await expect.poll(() => page.getByRole('option', { selected: true }).count()).toBe(1);
    expect((await all()).map((one) => one.status)).toEqual(['pending', 'open', 'pending']);
    await page.keyboard.press('z');
    await expect.poll(async () => (await all()).map((one) => one.status)).toEqual(['open', 'open', 'open']);
    expect(anna.faults()).toEqual([]);
  });

  test('are closed with one key, and one key takes it back', async () => {
    const { page } = anna;
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+a');
    await page.keyboard.press('e');
    await expect.poll(async () => (await all()).map((one) => one.status)).toEqual(['closed', 'closed', 'closed']);
    await page.getByRole('button', { name: say('ui.undo') }).last().waitFor();
    await page.keyboard.press('z');
    await expect.poll(async () => (await all()).map((one) => one.status)).toEqual(['open', 'open', 'open']);
    expect(anna.faults()).toEqual([]);
  });

  test('one of them is taken from its row, and given on to who is there', async () => {
    const { page } = anna;
    const late = row(page, 'Un colis en retard');
    await late.hover();
    await late.getByTitle(`${say('cmd.assign_me')} (I)`).click();
    await expect.poll(async () => (await all())[2]!.assignee_id).toBe(1);
    await late.hover();
    await late.getByTitle(`${say('cmd.assign')} (A)`).click();
    await page.getByRole('option', { name: /Anna Linden/ }).filter({ hasText: say('picker.load', { count: 1 }) }).waitFor();
    await page.keyboard.press('Escape');
    expect(anna.faults()).toEqual([]);
  });
});
