import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Person } from '../support/browser.ts';
import { Desk } from '../support/desk.ts';
import { axe, settled } from '../support/page.ts';
import { say } from '../support/words.ts';

let desk: Desk;
let anna: Person;

beforeAll(async () => {
  desk = await Desk.open();
  anna = await desk.person();
  await anna.page.goto(desk.program.setupLink);
  await desk.setUpQuietly(anna);
  const inbox = await desk.addInbox(anna);
  await desk.api(anna, 'POST', '/conversations', {
    inbox_id: inbox.id, direction: 'inbound', customer: { name: 'Mia', email: 'mia@x.example' }, subject: 'The lamp is broken', text: 'It has a crack.',
  });
});

afterAll(() => desk?.close());

test('an admin defines a field, and nobody closes while it is empty', async () => {
  const { page } = anna;
  await page.goto('/settings/fields');
  await page.getByRole('button', { name: 'New field' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Label').fill('Reason');
  await dialog.getByLabel('Takes').selectOption('choice');
  await dialog.getByLabel('Choices').fill('Damaged\nLate');
  await dialog.getByLabel('Must be filled before closing').check();
  await dialog.getByRole('button', { name: 'Create field' }).click();
  await page.getByRole('button', { name: 'Reason', exact: true }).waitFor();

  await page.goto('/inbox/unassigned/1');
  const reason = page.getByLabel('Reason');
  await reason.waitFor();
  await page.keyboard.press('e');
  await page.locator('span', { hasText: 'Before this conversation is closed, fill in “Reason”.' }).waitFor();
  await expect.poll(() => page.locator('span').getByText('Closed', { exact: true }).count()).toBe(0);

  await reason.selectOption('Damaged');
  await page.getByRole('article').getByText('Damaged').waitFor();
  await page.locator('#main').first().click({ position: { x: 5, y: 5 } });
  await page.keyboard.press('e');
  await page.locator('span').getByText('Closed', { exact: true }).first().waitFor();
  // The screen says so before the server has answered.
  const closed = await desk.until<{ status: string; custom_fields: object }>(anna, '/conversations/1', ({ status }) => status === 'closed');
  expect(closed.custom_fields).toEqual({ reason: 'Damaged' });
  await settled(page);
  expect(anna.faults()).toEqual([]);
});

test('the field is a column of the table, put where it is wanted, and its choices are tabs', async () => {
  const { page } = anna;
  await desk.api(anna, 'POST', '/conversations', {
    inbox_id: 1, direction: 'inbound', customer: { name: 'Noor', email: 'noor@x.example' }, subject: 'The parcel is late', text: 'Where is it?',
  });
  await page.goto('/inbox/all');
  await page.getByRole('option').filter({ hasText: 'The parcel is late' }).waitFor();
  await page.keyboard.press('Shift+L');
  const table = page.getByRole('grid', { name: say('list.label') });
  const row = (subject: string) => table.getByRole('row').filter({ hasText: subject });
  await row('The parcel is late').waitFor();

  await page.getByRole('button', { name: say('cmd.list_columns') }).click();
  const dialog = page.getByRole('dialog', { name: say('table.columns') });
  // A box says what is kept, a moment after the click.
  const [reason, assignee] = ['Reason', say('table.assignee')].map((name) => dialog.getByRole('checkbox', { name })) as [Locator, Locator];
  await reason.click();
  await expect.poll(() => reason.isChecked()).toBe(true);
  await assignee.click();
  await expect.poll(() => assignee.isChecked()).toBe(false);
  await settled(page);
  expect(await axe(page)).toEqual([]);
  // By keys: to the beginning, where the arrow goes no further and the focus stays in the row.
  await dialog.getByRole('checkbox', { name: 'Reason' }).focus();
  for (let step = 0; step < 6; step++) await page.keyboard.press('Alt+ArrowUp');
  await page.getByText(say('table.moved', { name: 'Reason', place: 1, count: 7 })).waitFor({ state: 'attached' });
  expect(await page.evaluate(() => document.activeElement?.closest('li')?.textContent)).toBe('Reason');
  const titles = () => table.getByRole('columnheader').allInnerTexts();
  await expect.poll(titles).toEqual(['', 'Reason', 'Customer', 'Subject', 'Status', 'Tags', 'Last activity', 'Due']);
  // By dragging: the title of one onto that of another.
  await page.keyboard.press('Escape');
  await table.getByRole('columnheader', { name: 'Subject' }).dragTo(table.getByRole('columnheader', { name: 'Reason' }));
  await expect.poll(titles).toEqual(['', 'Subject', 'Reason', 'Customer', 'Status', 'Tags', 'Last activity', 'Due']);
  await expect.poll(() => desk.api(anna, 'GET', '/views/layouts')).toMatchObject({
    items: [{ view: 'all', table: true, columns: ['subject', 'field.reason', 'customer', 'status', 'tags', 'last_activity', 'due'] }],
  });
  await page.reload();
  await row('The lamp is broken').getByText('Damaged').waitFor();

  // The dialog of the fields, for the row of the keys.
  await row('The parcel is late').getByRole('gridcell').first().click();
  await page.keyboard.press('Shift+T');
  const fields = page.getByRole('dialog', { name: say('bulk.fields') });
  await fields.getByLabel(say('bulk.field_value')).selectOption('Late');
  await page.keyboard.press('Control+Enter');
  await row('The parcel is late').getByText('Late', { exact: true }).waitFor();
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: say('list.options') }).click();
  await page.getByRole('menuitem', { name: say('views.tabs_menu') }).click();
  await page.getByRole('menuitemradio', { name: 'Reason' }).click();
  await page.getByRole('button', { name: /^Late\s*1$/ }).click();
  await row('The lamp is broken').waitFor({ state: 'detached' });
  await row('The parcel is late').waitFor();
  expect(anna.faults()).toEqual([]);
});
