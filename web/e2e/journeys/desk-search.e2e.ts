import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../support/browser.ts';
import { Desk } from '../support/desk.ts';
import { keepPictures } from '../support/evidence.ts';
import { list, row } from '../support/thread.ts';
import { say } from '../support/words.ts';

describe('a search', () => {
  let desk: Desk;
  let anna: Person;

  keepPictures(() => [anna]);
  beforeAll(async () => {
    desk = await Desk.open();
    anna = await desk.person();
    await desk.setUpQuietly(anna);
    const inbox = await desk.addInbox(anna);
    const mails: [string, string, string, string][] = [
      ['jane@customer.example', 'Jane Doe', 'A broken lamp', 'The lamp is broken.'], ['bert@customer.example', 'Bert Stone', 'A lamp', 'Where is my lamp?'],
      ['hanako@customer.example', '山田花子', '返品について', 'ランプを返品したいです。'],
    ];
    for (const [email, name, subject, text] of mails) {
      await desk.api(anna, 'POST', '/conversations', { inbox_id: inbox.id, direction: 'inbound', customer: { email, name }, subject, text });
    }
    await desk.api(anna, 'PATCH', '/conversations/1', { add_tags: ['black friday'], status: 'closed' });
    await desk.api(anna, 'PATCH', '/conversations/2', { add_tags: ['black friday'] });
  });
  afterAll(() => desk?.close());

  const box = () => anna.page.getByRole('combobox', { name: say('search.label') });
  const hits = () => anna.page.getByRole('listbox', { name: say('search.results') }).getByRole('option');
  const chip = (label: string) => anna.page.getByRole('button', { name: say('search.remove', { name: label }) });
  const suggestions = () => anna.page.getByRole('listbox', { name: say('search.suggestions') });

  test('is narrowed by operators that are typed and chosen, without the mouse', async () => {
    const { page } = anna;
    await page.goto('/inbox/open');
    await row(page, 'A lamp').waitFor();
    await page.keyboard.press('/');
    await box().waitFor();
    await page.keyboard.type('lamp', { delay: 20 });
    await expect.poll(() => hits().count()).toBe(2);
    await page.keyboard.type(' ta');
    await suggestions().getByRole('option').first().waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await suggestions().getByRole('option', { name: 'black friday' }).waitFor();
    await page.keyboard.press('Tab');
    await chip('Tag: black friday').waitFor();
    await page.keyboard.type('is:open ');
    await chip('Is: open').waitFor();
    await expect.poll(() => hits().count()).toBe(1);
    await expect.poll(() => decodeURIComponent(new URL(page.url()).searchParams.get('q') ?? '')).toBe('tag:"black friday" is:open lamp');
    await expect.poll(() => hits().first().locator('mark').count()).toBeGreaterThan(0);
    for (let n = 0; n < 5; n++) await page.keyboard.press('Backspace');
    await page.keyboard.press('Backspace');
    await chip('Is: open').waitFor({ state: 'detached' });
    await expect.poll(() => hits().count()).toBe(2);
    expect(anna.faults()).toEqual([]);
  });

  test('stands in its address and becomes a view that says what it leaves out', async () => {
    const { page } = anna;
    await page.goto(`/search?q=${encodeURIComponent('is:open tag:"black friday" lamp')}`);
    await chip('Tag: black friday').waitFor();
    await expect.poll(() => hits().count()).toBe(1);
    await page.getByRole('button', { name: say('search.save') }).click();
    await page.getByText('The words “lamp” are left out').or(page.getByText('The words "lamp" are left out')).waitFor();
    await page.getByLabel(say('views.name')).fill('Black friday');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/inbox\/saved-\d+$/);
    await row(page, 'A lamp').waitFor();
    await expect.poll(() => list(page).getByRole('option').count()).toBe(1);
    expect(anna.faults()).toEqual([]);
  });

  test('names what it does not know and stays within its bounds', async () => {
    const { page } = anna;
    await page.goto(`/search?q=${encodeURIComponent('tag:nosuch lamp')}`);
    await page.getByRole('alert').filter({ hasText: 'nosuch' }).waitFor();
    await page.getByRole('button', { name: say('search.clear') }).click();
    await page.getByRole('group', { name: say('search.operators') }).waitFor();
    await box().fill('ж'.repeat(10_000));
    await page.getByRole('alert').filter({ hasText: say('search.too_long') }).waitFor();
    await box().fill('nothing-like-this');
    await page.getByText(say('search.none_title', { words: 'nothing-like-this' })).waitFor();
    expect(anna.faults().filter((fault) => !fault.includes('422'))).toEqual([]);
  });

  test('finds two Japanese letters, and reads an operator of a Japanese keyboard', async () => {
    const { page } = anna;
    await page.goto(`/search?q=${encodeURIComponent('返品')}`);
    await expect.poll(() => hits().count()).toBe(1);
    await box().fill('ｆｒｏｍ：山田　');
    await chip('From: 山田').waitFor();
    await expect.poll(() => hits().count()).toBe(1);
  });
});
