import type { Page } from 'playwright-core';
import type { Mailbox, MailServers } from './servers.ts';
import { say, saying } from './words.ts';

/** Connects a mailbox as a shop owner does: the guided page, its test, the button, and a look whether mail comes in. */
export async function connectByPage(page: Page, servers: MailServers, { address, password }: Mailbox, days = 0): Promise<void> {
  await page.goto('/settings/inboxes/new');
  await page.getByLabel(say('inboxes.provider_own')).check({ force: true });
  await page.getByLabel(say('session.email')).fill(address);
  await page.getByLabel(say('inboxes.from_name')).fill('Linden & Loom');
  await page.getByLabel(say('inboxes.name'), { exact: true }).fill(address);

  const receiving = page.getByRole('group', { name: say('inboxes.receiving') });
  await fillServer(page, say('inboxes.receiving'), servers.imap);
  await receiving.getByLabel(say('inboxes.username')).fill(address);
  await receiving.getByLabel(say('inboxes.password')).fill(password);
  await page.getByRole('radio', { name: say('inboxes.history_days', { count: days }) }).check({ force: true });

  // This one takes mail without a sign-in.
  await page.getByLabel(say('inboxes.same')).uncheck({ force: true });
  await fillServer(page, say('inboxes.sending'), servers.smtp);
  await page.getByRole('group', { name: say('inboxes.sending') }).getByLabel(say('inboxes.username')).fill('');

  await page.getByRole('button', { name: say('inboxes.test'), exact: true }).click();
  await page.getByText(say('inboxes.test_passed')).waitFor();
  await page.getByRole('button', { name: say('inboxes.connect_go'), exact: true }).click();
  await page.getByText(saying('inboxes.last_success')).waitFor();
}

async function fillServer(page: Page, part: string, at: string): Promise<void> {
  const [host, port] = at.split(':') as [string, string];
  const group = page.getByRole('group', { name: part });
  await group.getByLabel(say('inboxes.server')).fill(host);
  await group.getByLabel(say('inboxes.port')).fill(port);
  await group.getByLabel(say('inboxes.security')).selectOption('none');
}
