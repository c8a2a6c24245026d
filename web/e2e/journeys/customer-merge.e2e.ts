import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../support/browser.ts';
import { Desk } from '../support/desk.ts';
import { keepPictures } from '../support/evidence.ts';
import { say } from '../support/words.ts';

describe('one person with two addresses', () => {
  let desk: Desk;
  let anna: Person;
  let home: number;
  let work: number;

  keepPictures(() => [anna]);
  beforeAll(async () => {
    desk = await Desk.open();
    anna = await desk.person();
    await desk.setUpQuietly(anna);
    const inbox = await desk.addInbox(anna);
    const begin = async (name: string, email: string, subject: string) => {
      const made = await desk.api<{ conversation: { customer_id: number } }>(anna, 'POST', '/conversations', {
        inbox_id: inbox.id, direction: 'inbound', customer: { name, email }, subject, text: 'Please look.',
      });
      return made.conversation.customer_id;
    };
    home = await begin('Jane Doe', 'jane.doe@customer.example', 'Where is my lamp?');
    work = await begin('J. Doe', 'jane.doe@work.example', 'An invoice, please');
    await begin('Somebody Else', 'other@customer.example', 'A vase');
    await desk.api(anna, 'PATCH', `/customers/${home}`, { notes: 'Rings the bell twice', attributes: { level: 'gold' } });
    await desk.api(anna, 'PATCH', `/customers/${work}`, { notes: 'Office closes at five', attributes: { level: 'silver', city: 'Leeds' } });
  });
  afterAll(() => desk?.close());

  test('is suggested, compared, merged by the keys, and two again by Undo', async () => {
    const { page } = anna;
    await page.goto(`/customers/${home}`);
    await page.getByText(say('merge.people_same_address')).waitFor();
    await page.getByRole('button', { name: say('merge.people_compare', { name: 'J. Doe' }) }).focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: say('merge.people_title') });
    await dialog.getByText(say('merge.people_moves', { name: 'J. Doe', count: 1 })).waitFor();
    await dialog.getByText(say('merge.people_instead', { kept: 'gold', value: 'silver' })).waitFor();
    await dialog.getByText('Leeds').waitFor();
    await dialog.getByRole('radio', { checked: true }).focus();
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('An invoice, please').waitFor();
    await page.getByText('jane.doe@work.example').first().waitFor();
    await page.getByRole('heading', { name: say('merge.people_merged') }).waitFor();
    await page.keyboard.press('z');
    await page.getByText('An invoice, please').waitFor({ state: 'detached' });
    expect(await page.getByRole('textbox', { name: say('customer.notes') }).inputValue()).toBe('Rings the bell twice');
    expect(anna.faults()).toEqual([]);
  });

  test('is found by name, and the old address leads to who stays', async () => {
    const { page } = anna;
    await page.goto(`/customers/${home}`);
    await page.getByRole('button', { name: say('merge.people'), exact: true }).click();
    const dialog = page.getByRole('dialog', { name: say('merge.people_title') });
    await dialog.getByLabel(say('merge.people_find')).fill('j. d');
    await dialog.getByRole('radio', { name: /J\. Doe/ }).check();
    await dialog.getByText('Leeds').waitFor();
    await dialog.getByRole('button', { name: say('merge.do') }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.goto(`/customers/${work}`);
    await page.waitForURL((url) => url.pathname === `/customers/${home}`);
    await page.getByText('An invoice, please').waitFor();
    await page.getByRole('button', { name: say('merge.people_apart_from', { name: 'J. Doe' }) }).click();
    await page.getByText('An invoice, please').waitFor({ state: 'detached' });
    expect(anna.faults()).toEqual([]);
  });
});
