import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../support/browser.ts';
import { Desk } from '../support/desk.ts';
import { keepPictures } from '../support/evidence.ts';
import { list, row } from '../support/thread.ts';
import { say } from '../support/words.ts';

describe('a list that is needed every day', () => {
  let desk: Desk;
  let anna: Person;

  keepPictures(() => [anna]);
  beforeAll(async () => {
    desk = await Desk.open();
    anna = await desk.person();
    await desk.setUpQuietly(anna);
    const inbox = await desk.addInbox(anna);
    for (const subject of ['A broken lamp', 'A question']) {
      await desk.api(anna, 'POST', '/conversations', { inbox_id: inbox.id, direction: 'inbound', customer: { email: 'jane@customer.example' }, subject, text: 'Hello' });
    }
    await desk.api(anna, 'PATCH', '/conversations/1', { add_tags: ['broken'] });
  });
  afterAll(() => desk?.close());

  test('is saved with its filters and stands in the sidebar with its count', async () => {
    const { page } = anna;
    await page.goto('/inbox/open?tag=broken');
    await row(page, 'A broken lamp').waitFor();
    await page.getByRole('button', { name: say('list.options') }).click();
    await page.getByRole('menuitem', { name: say('view.save') }).click();
    await page.getByLabel(say('views.name')).fill('Broken things');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/inbox\/saved-1$/);
    await row(page, 'A broken lamp').waitFor();
    expect(await list(page).getByRole('option').count()).toBe(1);
    await page.getByRole('navigation').getByRole('link', { name: /Broken things\s*1/ }).waitFor();
    expect(anna.faults()).toEqual([]);
  });

  test('says so when it speaks of a tag that was deleted, and is deleted itself', async () => {
    const { page } = anna;
    await desk.api(anna, 'DELETE', '/tags/1');
    await page.reload();
    await page.getByText(say('view.missing')).first().waitFor();
    await page.getByRole('button', { name: say('list.options') }).click();
    await page.getByRole('menuitem', { name: say('view.delete') }).click();
    await page.waitForURL(/\/inbox\/mine$/);
    await page.getByRole('navigation').getByRole('link', { name: 'Broken things' }).waitFor({ state: 'detached' });
    expect(anna.faults()).toEqual([]);
  });
});
