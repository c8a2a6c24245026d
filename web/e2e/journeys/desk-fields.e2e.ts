import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Person } from '../support/browser.ts';
import { Desk } from '../support/desk.ts';
import { settled } from '../support/page.ts';

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
