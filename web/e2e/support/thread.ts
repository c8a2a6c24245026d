import type { Page } from 'playwright-core';
import { say } from './words.ts';

/** What an agent sees and does in the inbox, by what things are called there. */
export const list = (page: Page) => page.getByRole('listbox', { name: say('list.label') });
export const row = (page: Page, subject: string) => list(page).getByRole('option').filter({ hasText: subject });
export const feed = (page: Page) => page.getByRole('feed', { name: say('thread.messages') });
export const message = (page: Page, words: string) => feed(page).getByRole('article').filter({ hasText: words });
export const composer = (page: Page) => page.getByRole('textbox', { name: say('cmd.reply') });

const pill = (page: Page) => page.getByRole('button', { name: /^\d+ new$/ });

/** Waits until a conversation is in the list, asking for what is new when the list holds it back. */
export async function arrival(page: Page, subject: string): Promise<void> {
  await row(page, subject).or(pill(page)).first().waitFor();
  if (!(await row(page, subject).isVisible())) await pill(page).click();
  await row(page, subject).waitFor();
}

/** Opens a conversation from the list and waits until its text can be read. */
export async function open(page: Page, subject: string, words: string): Promise<void> {
  await arrival(page, subject);
  await row(page, subject).click();
  await message(page, words).waitFor();
}

/** Writes a reply with the keyboard alone and leaves it unsent: without a pause, as those do who know the keys. */
export async function write(page: Page, words: string): Promise<void> {
  await page.keyboard.press('r');
  await page.keyboard.type(words);
}

/** Writes a reply and sends it with the keyboard alone. */
export async function reply(page: Page, words: string): Promise<void> {
  await write(page, words);
  await page.keyboard.press('Control+Enter');
  await message(page, words).waitFor();
}
