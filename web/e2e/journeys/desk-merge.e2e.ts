import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../support/browser.ts';
import { Desk } from '../support/desk.ts';
import { keepPictures } from '../support/evidence.ts';
import { list, message, open, row } from '../support/thread.ts';
import { say } from '../support/words.ts';

describe('a customer who wrote twice', () => {
  let desk: Desk;
  let anna: Person;
  let ids: number[];

  keepPictures(() => [anna]);
  beforeAll(async () => {
    desk = await Desk.open();
    anna = await desk.person();
    await desk.setUpQuietly(anna);
    const inbox = await desk.addInbox(anna);
    const begin = async (email: string, subject: string, text: string) => {
      const made = await desk.api<{ conversation: { id: number } }>(anna, 'POST', '/conversations', {
        inbox_id: inbox.id, direction: 'inbound', customer: { name: 'Jane Doe', email }, subject, text,
      });
      return made.conversation.id;
    };
    ids = [
      await begin('jane@customer.example', 'Where is my lamp?', 'I ordered it two weeks ago.'),
      await begin('jane@work.example', 'Still no lamp', 'Writing from the office now.'),
      await begin('jane@customer.example', 'And an invoice', 'Please send the invoice, too.'),
    ];
    await anna.page.goto('/inbox/open');
    await open(anna.page, 'Still no lamp', 'Writing from the office now.');
  });
  afterAll(() => desk?.close());

  test('becomes one conversation by the keys alone, and two again by Undo', async () => {
    const { page } = anna;
    await page.keyboard.press('x');
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.keyboard.press('m');
    const dialog = page.getByRole('dialog', { name: say('merge.title') });
    await dialog.getByText('Where is my lamp?').waitFor();
    await dialog.getByRole('radio', { checked: true }).focus();
    await page.keyboard.press('Enter');
    await message(page, 'I ordered it two weeks ago.').waitFor();
    await message(page, 'Writing from the office now.').getByText(say('message.origin', { number: String(ids[1]) })).waitFor();
    await row(page, 'Still no lamp').waitFor({ state: 'detached' });

    await page.getByText(say('merge.done', { number: String(ids[0]) })).first().waitFor();
    await page.keyboard.press('z');
    await row(page, 'Still no lamp').waitFor();
    await message(page, 'Writing from the office now.').waitFor();
    expect(anna.faults()).toEqual([]);
  });

  test('is merged by number, says so at the old address, and gives it back there', async () => {
    const { page } = anna;
    await row(page, 'And an invoice').click();
    await message(page, 'Please send the invoice, too.').waitFor();
    await page.keyboard.press('m');
    const dialog = page.getByRole('dialog', { name: say('merge.title') });
    await dialog.getByLabel(say('merge.number')).fill(String(ids[0]));
    await dialog.getByText(say('merge.keep')).waitFor();
    await page.keyboard.press('Enter');
    await message(page, 'I ordered it two weeks ago.').waitFor();
    await message(page, 'Please send the invoice, too.').waitFor();

    await page.goto(`/conversations/${ids[2]}`);
    await page.getByText(say('thread.merged', { number: String(ids[0]) })).first().waitFor();
    await page.getByRole('button', { name: say('thread.merged_undo') }).click();
    await message(page, 'Please send the invoice, too.').waitFor();
    await row(page, 'And an invoice').waitFor();
    await expect.poll(() => list(page).getByRole('option').count()).toBe(3);
    expect(anna.faults()).toEqual([]);
  });

  test('is linked with another one by number, and says when it is closed what is left to do', async () => {
    const { page } = anna;
    await page.goto(`/conversations/${ids[2]}`);
    await message(page, 'Please send the invoice, too.').waitFor();
    await page.getByRole('textbox', { name: say('tasks.add') }).fill('Send the invoice');
    await page.keyboard.press('Enter');
    await page.getByRole('checkbox', { name: say('tasks.tick', { text: 'Send the invoice' }) }).waitFor();
    await page.getByRole('button', { name: say('links.add') }).click();
    await page.getByLabel(say('links.number')).fill(`#${ids[0]}`);
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: say('links.title') }).getByText('Where is my lamp?').waitFor();
    await page.keyboard.press('Shift+E');
    await page.getByText(say('tasks.left_open', { count: '1' })).first().waitFor();

    await page.getByRole('link', { name: say('nav.tasks') }).click();
    await page.getByRole('heading', { name: say('tasks.mine') }).waitFor();
    await page.getByRole('link', { name: 'And an invoice' }).waitFor();
    await page.getByRole('checkbox', { name: say('tasks.tick', { text: 'Send the invoice' }) }).click();
    await page.getByText(say('tasks.none')).waitFor();
    await desk.api(anna, 'PATCH', `/conversations/${ids[2]}`, { status: 'open' });
    expect(anna.faults()).toEqual([]);
  });

  test('and one message becomes a conversation of its own', async () => {
    const { page } = anna;
    await desk.api(anna, 'POST', `/conversations/${ids[0]}/merge`, { conversation_ids: [ids[1]] });
    await page.goto(`/conversations/${ids[0]}`);
    const one = message(page, 'Writing from the office now.');
    await one.waitFor();
    await one.getByRole('button', { name: say('message.menu') }).click();
    await page.getByRole('menuitem', { name: say('split.one') }).click();
    await page.getByText(/^Split off into #/).first().waitFor();
    await message(page, 'I ordered it two weeks ago.').waitFor({ state: 'detached' });
    await message(page, 'Writing from the office now.').waitFor();
    expect(anna.faults()).toEqual([]);
  });
});
