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
    await expect.poll(() => page.getByRole('textbox', { name: say('customer.notes') }).inputValue()).toBe('Rings the bell twice');
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

  test('is told, noted and asked for consent on one page', async () => {
    const { page } = anna;
    await page.goto(`/customers/${home}`);
    await page.getByRole('region', { name: 'Where is my lamp?' }).getByText('Please look.').waitFor();
    const field = page.getByLabel(say('customers.note_new'));
    await field.fill('Wants the brass one');
    await field.press('Control+Enter');
    await page.getByText('Wants the brass one', { exact: true }).and(page.locator('p')).waitFor();
    await page.getByRole('button', { name: say('customers.consent_add') }).click();
    const dialog = page.getByRole('dialog', { name: say('customers.consent_add') });
    await dialog.getByLabel(say('customers.source')).fill('by phone');
    await dialog.getByRole('button', { name: say('ui.save') }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByText(`${say('customers.purpose_marketing')} · ${say('customers.channel_email')}: ${say('customers.given')}`).waitFor();
    await page.getByRole('button', { name: say('customers.identity_add') }).click();
    await page.getByLabel(say('customers.identity_value')).fill('jane@third.example');
    await page.keyboard.press('Enter');
    await page.getByText('jane@third.example').waitFor();
    await page.getByRole('button', { name: say('customers.identity_remove', { value: 'jane@third.example' }) }).click();
    await page.getByText('jane@third.example', { exact: true }).waitFor({ state: 'detached' });
    await page.getByRole('main').getByRole('button', { name: say('customers.write') }).click();
    await page.waitForURL((url) => url.pathname === '/new');
    await page.getByText('jane.doe@customer.example').first().waitFor();
    expect(anna.faults()).toEqual([]);
  });

  test('is exported, held, and erased for good when the hold is over', async () => {
    const { page, context } = anna;
    await page.goto(`/customers/${home}`);
    const choose = async (item: string) => {
      await page.getByRole('button', { name: say('customers.more') }).click();
      await page.getByRole('menuitem', { name: item }).click();
    };
    await choose(say('privacy.export'));
    await page.getByRole('button', { name: say('privacy.export_do') }).click();
    const link = page.getByRole('link', { name: say('privacy.download') });
    await link.waitFor();
    const file = await context.request.get(new URL((await link.getAttribute('href'))!, desk.program.url).href);
    expect((await file.body()).subarray(0, 2).toString()).toBe('PK');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    await choose(say('privacy.hold'));
    await page.getByLabel(say('privacy.reason')).fill('A dispute');
    await page.getByRole('button', { name: say('privacy.hold_do') }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByText('A dispute').waitFor();
    await choose(say('privacy.erase'));
    await page.getByText(say('privacy.erase_held')).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: say('privacy.release') }).click();
    await page.getByText('A dispute').waitFor({ state: 'detached' });

    await choose(say('privacy.erase'));
    await page.getByLabel(say('privacy.erase_type', { name: 'Jane Doe' })).fill('Jane Doe');
    await page.getByRole('button', { name: say('privacy.erase_do') }).click();
    await desk.until<{ erased_at?: string }>(anna, `/customers/${home}`, (now) => Boolean(now.erased_at));
    await page.reload();
    await page.getByRole('heading', { name: say('privacy.erased_name') }).first().waitFor();
    await expect.poll(() => page.getByText('Where is my lamp?').count()).toBe(0);
    expect(anna.faults()).toEqual([]);
  });
});
