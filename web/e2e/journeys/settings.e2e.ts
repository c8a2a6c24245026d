import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../support/browser.ts';
import { Desk } from '../support/desk.ts';
import { freePort } from '../support/program.ts';

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
