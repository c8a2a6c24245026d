import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../support/browser.ts';
import { Desk, owner } from '../support/desk.ts';

describe('the first day', () => {
  let desk: Desk;
  let anna: Person;
  beforeAll(async () => {
    desk = await Desk.open();
    anna = await desk.person();
  });
  afterAll(() => desk?.close());

  test('a fresh installation leads to set-up and says where its link is', async () => {
    await anna.page.goto('/');
    await anna.page.getByRole('heading', { name: 'Set up Deskbell' }).waitFor();
    await expect(anna.page.getByText('Open the set-up link').isVisible()).resolves.toBe(true);
  });

  test('set-up says at the fields what is missing, and focuses the first', async () => {
    const { page } = anna;
    await page.goto(desk.program.setupLink);
    await page.getByLabel('Email address').fill('anna');
    await page.getByRole('button', { name: 'Create my account' }).click();
    await page.getByText('Enter your name.').waitFor();
    await page.getByText('This is not an email address.').waitFor();
    await expect(page.getByLabel('Your name').evaluate((field) => field === document.activeElement)).resolves.toBe(true);
  });

  test('the set-up link makes the owner, who lands on the first steps', async () => {
    await desk.setUp(anna);
    await expect(anna.page.getByRole('listitem').count()).resolves.toBeGreaterThanOrEqual(4);
    expect(anna.faults()).toEqual([]);
  });

  test('the set-up link works once', async () => {
    const stranger = await desk.person();
    await stranger.page.goto(desk.program.setupLink);
    await stranger.page.getByRole('heading', { name: 'Deskbell is set up already' }).waitFor();
  });

  test('the owner signs out and in again, and comes back to where they wanted to go', async () => {
    const { page } = anna;
    await page.goto('/settings/tags');
    await page.getByRole('button', { name: owner.name }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in to Deskbell' }).waitFor();
    await page.goto('/settings/teams');
    await page.getByLabel('Email address').fill(owner.email);
    await page.getByLabel('Password', { exact: true }).fill(owner.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Teams', level: 1 }).waitFor();
    expect(anna.faults()).toEqual([]);
  });

  test('a wrong password is said in words, and too many are throttled', async () => {
    const { page } = await desk.person();
    await page.goto('/sign-in');
    await page.getByLabel('Email address').fill('nobody@lindenandloom.example');
    for (let tries = 0; tries < 8; tries++) {
      await page.getByLabel('Password', { exact: true }).fill(`wrong ${tries}`);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').waitFor();
      if (tries === 0) await page.getByText('The e-mail address or the password is wrong.').waitFor();
      if (await page.getByText('Too many failed tries').isVisible()) return;
    }
    expect.fail('Eight wrong passwords were not throttled.');
  });

  test('a session that ended elsewhere leads to sign-in and back', async () => {
    const { page, context } = anna;
    await page.goto('/settings/tags');
    await page.getByRole('heading', { name: 'Tags', level: 1 }).waitFor();
    await context.clearCookies();
    await page.goto('/settings/roles');
    await page.getByRole('heading', { name: 'Sign in to Deskbell' }).waitFor();
    await page.getByLabel('Email address').fill(owner.email);
    await page.getByLabel('Password', { exact: true }).fill(owner.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Roles', level: 1 }).waitFor();
  });
});
