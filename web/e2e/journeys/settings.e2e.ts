import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../support/browser.ts';
import { Desk } from '../support/desk.ts';
import { freePort } from '../support/program.ts';

interface Hours {
  name: string;
  time_zone: string;
  country: string;
  default: boolean;
  week: Record<string, { from: string; to: string }[]>;
}

describe('settings', () => {
  let desk: Desk;
  let anna: Person;
  beforeAll(async () => {
    desk = await Desk.open();
    anna = await desk.person();
    await desk.setUpQuietly(anna);
  });
  afterAll(() => desk?.close());

  test('an agent is invited by a link and joins in a browser of their own', async () => {
    const { page } = anna;
    await page.goto('/settings/people');
    await page.getByRole('button', { name: 'Invite' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Email address').fill('marek@lindenandloom.example');
    await dialog.getByLabel('Role').selectOption({ label: 'Agent' });
    await dialog.getByRole('button', { name: 'Make the link' }).click();
    const link = await dialog.getByLabel('Link').inputValue();
    expect(link).toContain('/invitation?token=');
    await dialog.getByRole('button', { name: 'Done' }).click();
    await page.getByText('marek@lindenandloom.example').waitFor();

    const marek = await desk.person();
    await marek.page.goto(link);
    await marek.page.getByText('You were invited as marek@lindenandloom.example').waitFor();
    await marek.page.getByLabel('Your name').fill('Marek Novák');
    await marek.page.getByLabel('Password', { exact: true }).fill('seven cups of strong tea');
    await marek.page.getByRole('button', { name: 'Join the team' }).click();
    await marek.page.getByRole('button', { name: 'Marek Novák' }).waitFor();
    await marek.page.goto('/settings/me');
    await marek.page.getByRole('heading', { name: 'About you' }).waitFor();
    await expect(marek.page.getByRole('link', { name: 'People' }).count(), 'what an agent may never do is not shown').resolves.toBe(0);
    expect(marek.faults()).toEqual([]);

    await page.reload();
    await page.getByRole('button', { name: 'Marek Novák', exact: true }).waitFor();
  });

  test('a tag is made, renamed and taken back', async () => {
    const { page } = anna;
    await page.goto('/settings/tags');
    await page.getByRole('button', { name: 'New tag' }).first().click();
    await page.getByLabel('Name').fill('damaged');
    await page.getByLabel('Red').check({ force: true });
    await page.getByRole('button', { name: 'Create tag' }).click();
    await page.getByRole('button', { name: 'damaged', exact: true }).click();
    await page.getByLabel('Name').fill('broken');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'broken', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'damaged', exact: true }).waitFor();
    expect(anna.faults()).toEqual([]);
  });

  test('an API key is shown once and can be revoked', async () => {
    const { page } = anna;
    await page.goto('/settings/api-keys');
    await page.getByRole('button', { name: 'New API key' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Create key' }).click();
    await dialog.getByText('Tick at least one permission.').waitFor();
    await dialog.getByLabel('Name').fill('Warehouse');
    await dialog.getByLabel('Read conversations').check({ force: true });
    await dialog.getByRole('button', { name: 'Create key' }).click();
    const key = await dialog.getByLabel('Link').inputValue();
    await dialog.getByRole('button', { name: 'Done' }).click();

    const asProgram = () => fetch(`${desk.program.url}/api/v1/tags`, { headers: { Authorization: `Bearer ${key}` } });
    expect((await asProgram()).status).toBe(200);
    await page.reload();
    await page.getByText('Warehouse').waitFor();
    expect(await page.content()).not.toContain(key);
    await page.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByText('No API keys yet').waitFor();
    expect((await asProgram()).status).toBe(401);
  });

  test('business hours begin with one click, are changed, and a deletion is taken back', async () => {
    const { page } = anna;
    const kept = async () => (await desk.api<{ items: Hours[] }>(anna, 'GET', '/business-hours')).items[0];
    await page.goto('/settings/business-hours');
    await page.getByRole('button', { name: 'Begin with these' }).click();
    await page.getByRole('heading', { name: 'Support', exact: true }).waitFor();
    const interval = (name: string) => page.getByRole('group', { name });

    await interval('Monday, interval 1').getByLabel('To').fill('08:00');
    await page.getByText('An interval ends after it begins.').waitFor();
    await interval('Monday, interval 1').getByLabel('To').fill('18:00');
    await page.getByText('An interval ends after it begins.').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Copy Monday to Tuesday–Friday' }).click();
    await page.getByRole('button', { name: 'Add hours: Sunday' }).press('Enter');
    await interval('Sunday, interval 1').getByLabel('To').fill('00:00');
    await page.getByLabel('Country').selectOption({ label: 'Japan' });
    await page.getByText('Coming of Age Day').first().waitFor();
    await page.getByLabel('Time zone').click();
    await page.getByRole('combobox', { name: 'Time zone' }).fill('tokyo');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect.poll(kept).toMatchObject({
      time_zone: 'Asia/Tokyo', country: 'JP', default: true, week: { friday: [{ from: '09:00', to: '18:00' }], saturday: [], sunday: [{ from: '09:00', to: '24:00' }] },
    });
    await page.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' });

    await page.getByLabel('Name').fill('Front desk');
    await page.getByRole('main').getByRole('link', { name: 'Business hours' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click();
    await page.getByRole('button', { name: 'Delete Support' }).click();
    await page.getByText('No business hours yet').waitFor();
    await expect.poll(kept).toBeUndefined();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Support', exact: true }).waitFor();
    await expect.poll(kept).toMatchObject({ name: 'Support', default: true });
    expect(anna.faults()).toEqual([]);
  });

  test('a mailbox that does not answer is explained in plain words', async () => {
    const { page } = anna;
    const dead = String(await freePort());
    await page.goto('/settings/inboxes/new');
    await page.getByLabel('My own server').check({ force: true });
    await page.getByLabel('Email address').fill('support@lindenandloom.example');
    const receiving = page.getByRole('group', { name: 'Receiving' });
    await receiving.getByLabel('Server').fill('127.0.0.1');
    await receiving.getByLabel('Port').fill(dead);
    await receiving.getByLabel('Password').fill('secret');
    const sending = page.getByRole('group', { name: 'Sending' });
    await sending.getByLabel('Server').fill('127.0.0.1');
    await sending.getByLabel('Port').fill(dead);
    await page.getByRole('button', { name: 'Test' }).click();
    await page.getByText('127.0.0.1 refused the connection.').first().waitFor();
    expect(anna.faults()).toEqual([]);
  });
});
