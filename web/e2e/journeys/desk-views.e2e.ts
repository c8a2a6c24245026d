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
    for (const subject of ['A broken lamp', 'A question', 'An urgent question']) {
      await desk.api(anna, 'POST', '/conversations', { inbox_id: inbox.id, direction: 'inbound', customer: { email: 'jane@customer.example' }, subject, text: 'Hello' });
    }
    await desk.api(anna, 'PATCH', '/conversations/1', { add_tags: ['broken'] });
    await desk.api(anna, 'PATCH', '/conversations/3', { priority: 'urgent' });
  });
  afterAll(() => desk?.close());

  const option = async (name: string) => {
    await anna.page.getByRole('button', { name: say('list.options') }).click();
    await anna.page.getByRole('menuitem', { name }).click();
  };
  const link = (name: RegExp | string) => anna.page.getByRole('navigation').getByRole('link', { name });

  test('is saved with its filters and stands in the sidebar with its count', async () => {
    const { page } = anna;
    await page.goto('/inbox/open?tag=broken');
    await row(page, 'A broken lamp').waitFor();
    await option(say('view.save'));
    await page.getByText(say('views.matching', { count: 1, shown: 1 })).waitFor();
    await page.getByRole('textbox', { name: say('views.name') }).fill('Broken things');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/inbox\/saved-1$/);
    await row(page, 'A broken lamp').waitFor();
    await expect.poll(() => list(page).getByRole('option').count()).toBe(1);
    await link(/Broken things\s*1/).waitFor();
    expect(anna.faults()).toEqual([]);
  });

  test('gets a group of which any may hold, and says at once how many there are', async () => {
    const { page } = anna;
    await option(say('views.edit'));
    const dialog = page.getByRole('dialog', { name: say('views.edit') });
    // The tag moves into a group beside the priority.
    await dialog.getByRole('button', { name: say('views.remove'), exact: true }).nth(1).click();
    await dialog.getByRole('button', { name: say('views.add_group') }).click();
    const group = dialog.getByRole('group', { name: say('views.any_holds') });
    await group.getByRole('combobox', { name: say('views.field') }).selectOption('tag');
    await group.getByRole('button', { name: say('views.value') }).click();
    await page.keyboard.type('brok');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await group.getByRole('button', { name: say('views.add'), exact: true }).click();
    await group.getByRole('combobox', { name: say('views.field') }).nth(1).selectOption('priority');
    await dialog.getByRole('button', { name: say('ui.save') }).click();
    await dialog.getByText(say('views.unfinished')).waitFor();
    await group.getByRole('button', { name: say('views.value') }).nth(1).click();
    await page.keyboard.type('urg');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await dialog.getByText(say('views.matching', { count: 2, shown: 2 })).waitFor();
    await dialog.getByRole('button', { name: say('ui.save') }).click();
    await row(page, 'An urgent question').waitFor();
    await row(page, 'A broken lamp').waitFor();
    await expect.poll(() => list(page).getByRole('option').count()).toBe(2);
    const { conditions } = await desk.api<{ conditions: unknown }>(anna, 'GET', '/views/1');
    expect(conditions).toEqual({ all: [
      { field: 'status', op: 'is', values: ['open'] },
      { any: [{ field: 'tag', op: 'is', values: ['1'] }, { field: 'priority', op: 'is', values: ['urgent'] }] },
    ] });
    expect(anna.faults()).toEqual([]);
  });

  test('is copied, and put before the first by the keyboard', async () => {
    const { page } = anna;
    await option(say('views.duplicate'));
    await page.getByRole('dialog').getByRole('button', { name: say('ui.save') }).click();
    await page.waitForURL(/\/inbox\/saved-2$/);
    await option(say('views.all'));
    const up = page.getByRole('button', { name: say('views.up', { name: 'Broken things (copy)' }) });
    await up.focus();
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await desk.api<{ items: { id: number }[] }>(anna, 'GET', '/views')).items.map((view) => view.id)).toEqual([2, 1]);
    // It goes no further up: the focus is on the other way.
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(say('views.down', { name: 'Broken things (copy)' }));
    await page.getByRole('button', { name: say('views.delete_of', { name: 'Broken things (copy)' }) }).click();
    await page.getByRole('button', { name: say('ui.undo') }).click();
    await up.waitFor();
    await expect.poll(async () => (await desk.api<{ items: { id: number }[] }>(anna, 'GET', '/views')).items.map((view) => view.id)).toEqual([2, 1]);
    expect(anna.faults()).toEqual([]);
  });

  test('has tabs by a property, each with its count, and keys go from one to the next', async () => {
    const { page } = anna;
    await desk.api(anna, 'PATCH', '/conversations/2', { assignee_id: 1 });
    await page.goto('/inbox/open');
    await row(page, 'A question').first().waitFor();
    await option(say('views.tabs_menu'));
    await page.getByRole('menuitemradio', { name: say('views.field_assignee') }).click();
    const tabs = page.getByRole('group', { name: say('list.faces') });
    const chosen = (name: RegExp) => tabs.getByRole('button', { name, pressed: true }).waitFor();
    await chosen(/^All$/);
    await tabs.getByRole('button', { name: /^Me\s*1$/ }).waitFor();
    await tabs.getByRole('button', { name: /^Unassigned\s*2$/ }).waitFor();
    await page.keyboard.press('Shift+J');
    await chosen(/^Me/);
    await page.waitForURL(/assignee=me/);
    await row(page, 'A broken lamp').waitFor({ state: 'detached' });
    expect(await list(page).getByRole('option').count()).toBe(1);
    await page.keyboard.press('Shift+J');
    await chosen(/^Unassigned/);
    await row(page, 'A broken lamp').waitFor();
    await page.getByText(say('views.tab_shown', { name: 'Unassigned', count: 2 })).waitFor({ state: 'attached' });
    // What leaves the tab is counted where it went.
    await desk.api(anna, 'PATCH', '/conversations/1', { assignee_id: 1 });
    await tabs.getByRole('button', { name: /^Me\s*2$/ }).waitFor();
    await page.keyboard.press('Shift+K');
    await page.keyboard.press('Shift+K');
    await chosen(/^All/);
    await page.waitForURL(/\/inbox\/open$/);
    await expect.poll(() => desk.api(anna, 'GET', '/views/layouts')).toMatchObject({ items: [{ view: 'open', tabs_by: 'assignee' }] });

    await page.goto('/inbox/saved-1');
    await row(page, 'An urgent question').waitFor();
    await option(say('views.edit'));
    await page.getByRole('dialog').getByRole('combobox', { name: say('views.tabs'), exact: true }).selectOption('priority');
    await page.getByRole('dialog').getByRole('button', { name: say('ui.save') }).click();
    await tabs.getByRole('button', { name: /^Urgent\s*1$/ }).click();
    await row(page, 'A broken lamp').waitFor({ state: 'detached' });
    await row(page, 'An urgent question').waitFor();
    await page.goto('/inbox/mine');
    expect(anna.faults()).toEqual([]);
  });

  test('says so when it speaks of a tag that was deleted, and is deleted itself', async () => {
    const { page } = anna;
    await desk.api(anna, 'DELETE', '/tags/1');
    await page.goto('/inbox/saved-1');
    await page.getByText(say('view.missing')).first().waitFor();
    await option(say('views.edit'));
    await page.getByRole('dialog').getByRole('button', { name: say('views.gone', { id: 1 }) }).waitFor();
    await page.keyboard.press('Escape');
    await option(say('view.delete'));
    await page.waitForURL(/\/inbox\/mine$/);
    await link(/^Broken things\s*\d*$/).waitFor({ state: 'detached' });
    expect(anna.faults()).toEqual([]);
  });

  test('is heard: what comes next has the focus and a name, what happened is said, and a layer gives the focus back', async () => {
    const { page } = anna;
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
    await page.goto('/inbox/open');
    await row(page, 'An urgent question').waitFor();
    await page.keyboard.press('j');
    await expect.poll(focused).toBe('jane@customer.example: An urgent question');
    await page.keyboard.press('e');
    await expect.poll(focused).toBe('jane@customer.example: A question');
    await page.getByRole('status').getByText(say('status.closed'), { exact: true }).waitFor({ state: 'attached' });

    // The palette is late: what is typed meanwhile is for it, and no keys of the page.
    let come = () => {};
    const late = new Promise<void>((resolve) => (come = resolve));
    await page.route(/\/Palette-/, async (route) => {
      await late;
      await route.continue();
    });
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog', { name: say('cmd.palette') }).waitFor();
    await page.keyboard.type('snooze');
    come();
    const box = page.getByRole('combobox', { name: say('palette.label') });
    await box.waitFor();
    expect(await box.inputValue()).toBe('snooze');
    await page.keyboard.press('Escape');
    await expect.poll(focused).toBe('jane@customer.example: A question');
    await page.keyboard.press('s');
    await page.getByRole('dialog', { name: say('cmd.snooze') }).waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(focused).toBe('jane@customer.example: A question');
    expect(anna.faults()).toEqual([]);
  });
});
