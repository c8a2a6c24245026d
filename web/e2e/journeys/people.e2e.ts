import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Person } from '../support/browser.ts';
import { Desk } from '../support/desk.ts';
import { keepPictures } from '../support/evidence.ts';
import { headerOf, textOf } from '../support/received.ts';
import { startMailServers, type MailServers } from '../support/servers.ts';
import { say, saying } from '../support/words.ts';

/** What an authenticator app shows (RFC 6238). */
function codeOf(secret: string, at = Date.now()): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret.replaceAll(' ', '')].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g)!.map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const mac = createHmac('sha1', key).update(step).digest();
  const from = mac[19]! & 15;
  return String((mac.readUInt32BE(from) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

const linkIn = (raw: string) => /https?:\/\/\S+token=\S+/.exec(textOf(raw))![0];

describe('people by mail', () => {
  let servers: MailServers | undefined;
  let desk: Desk;
  let anna: Person;
  let mia: Person;
  let address: string;
  let secret = '';
  let recovery: string[] = [];

  keepPictures(() => [anna, mia]);
  beforeAll(async () => {
    servers = await startMailServers();
    if (!servers) return;
    address = servers.users.customer.address;
    desk = await Desk.open();
    anna = await desk.person();
    mia = await desk.person();
    await desk.setUpQuietly(anna);
  });
  afterAll(async () => {
    await desk?.close();
    await servers?.close();
  });
  beforeEach((context) => {
    if (!servers) context.skip('Dovecot and Postfix are not installed');
  });

  const first = 'seven cups of strong tea';
  const second = 'eight cups of green tea';
  const signIn = async (password: string) => {
    const { page } = mia;
    await page.goto('/sign-in');
    await page.getByLabel(say('session.email')).fill(address);
    await page.getByLabel(say('session.password'), { exact: true }).fill(password);
    await page.getByRole('button', { name: say('session.sign_in') }).click();
  };
  const signOut = async () => {
    await desk.api(mia, 'DELETE', '/session');
  };

  test('the owner connects the mail sender after a test mail has gone out', async () => {
    const { page } = anna;
    const { users, smtp } = servers!;
    const [host, port] = smtp.split(':') as [string, string];
    await page.goto('/settings/mail-sender');
    await page.getByText(say('sender.none')).waitFor();
    await page.getByLabel(say('sender.via_smtp')).check({ force: true });
    await page.getByLabel(say('sender.address')).fill(users.support.address);
    await page.getByLabel(say('sender.name')).fill('Linden & Loom');
    await page.getByRole('textbox', { name: say('inboxes.server') }).fill(host);
    await page.getByLabel(say('inboxes.port')).fill(port);
    await page.getByLabel(say('inboxes.security')).selectOption('none');
    await page.getByRole('button', { name: say('inboxes.test'), exact: true }).click();
    await page.getByText(say('inboxes.test_passed')).waitFor();
    await page.getByRole('button', { name: say('sender.connect') }).click();
    await page.getByText(say('ui.saved')).first().waitFor();
    expect(anna.faults()).toEqual([]);
  });

  test('somebody is invited by mail and joins by the link in it', async () => {
    const { page } = anna;
    await page.goto('/settings/people?invite=true');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(say('session.email')).fill(address);
    await dialog.getByRole('button', { name: say('people.send_invitation') }).click();
    await dialog.getByText(say('people.mailed_text')).waitFor();
    await dialog.getByRole('button', { name: say('ui.done') }).click();

    const { raw } = await servers!.arrival(address, 'invitation?token=');
    expect(headerOf(raw, 'Auto-Submitted')).toBe('auto-generated');
    expect(headerOf(raw, 'From')).toContain('Linden & Loom');
    await page.reload();
    await page.getByText(say('people.mail_sent')).waitFor();

    await mia.page.goto(linkIn(raw));
    await mia.page.getByLabel(say('session.name')).fill('Mia Sato');
    await mia.page.getByLabel(say('session.password'), { exact: true }).fill(first);
    await mia.page.getByRole('button', { name: say('session.join') }).click();
    await mia.page.getByRole('button', { name: 'Mia Sato' }).waitFor();
    expect(anna.faults()).toEqual([]);
  });

  test('she sets up a second step and signs in with a code', async () => {
    const { page } = mia;
    await page.goto('/settings/me');
    await page.getByRole('button', { name: say('step.set_up') }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(say('profile.current_password')).fill(first);
    await dialog.getByRole('button', { name: say('step.go_on') }).click();
    await dialog.getByRole('img', { name: say('step.picture') }).waitFor();
    secret = await dialog.getByRole('textbox', { name: say('step.secret') }).inputValue();
    // The step before counts too, so that the present one is still there for signing in.
    await dialog.getByLabel(say('step.code')).fill(codeOf(secret, Date.now() - 30_000));
    await dialog.getByRole('button', { name: say('step.confirm') }).click();
    const codes = dialog.getByRole('list', { name: say('step.codes') });
    await codes.waitFor();
    recovery = await codes.getByRole('listitem').allInnerTexts();
    expect(recovery).toHaveLength(10);
    await dialog.getByRole('button', { name: say('step.codes_kept') }).click();
    await page.getByText(say('step.on'), { exact: true }).waitFor();

    await signOut();
    await signIn(first);
    await page.getByText(say('session.second_step_text')).waitFor();
    await page.getByLabel(say('session.code')).fill('000000');
    await page.getByRole('button', { name: say('session.sign_in') }).click();
    await page.getByText(/wrong or too old/).waitFor();
    await page.getByLabel(say('session.code')).fill(codeOf(secret));
    await page.getByRole('button', { name: say('session.sign_in') }).click();
    await page.getByRole('button', { name: 'Mia Sato' }).waitFor();
  });

  test('she forgets her password and chooses another from the mail, with a recovery code', async () => {
    const { page } = mia;
    await signOut();
    await page.goto('/sign-in');
    await page.getByLabel(say('session.email')).fill(address);
    await page.getByRole('link', { name: say('session.forgot') }).click();
    await page.getByRole('button', { name: say('session.forgot_send') }).click();
    await page.getByText(say('session.forgot_sent')).waitFor();
    const { raw } = await servers!.arrival(address, 'reset-password?token=');
    await page.goto(linkIn(raw));
    await page.getByLabel(say('session.new_password'), { exact: true }).fill(second);
    await page.getByRole('button', { name: say('session.reset_go') }).click();
    await page.getByLabel(say('session.code')).fill(recovery[0]!.trim());
    await page.getByRole('button', { name: say('session.reset_go') }).click();
    await page.getByRole('button', { name: 'Mia Sato' }).waitFor();
    await servers!.arrival(address, 'password was changed');

    await page.goto(linkIn(raw));
    await page.getByLabel(say('session.new_password'), { exact: true }).fill(second);
    await page.getByRole('button', { name: say('session.reset_go') }).click();
    await page.getByText(/used already or is too old/).waitFor();
  });

  test('the audit log has all of it, and deactivating her ends her session at once', async () => {
    const { page } = anna;
    await page.goto('/settings/audit');
    for (const key of ['audit.sender_changed', 'audit.invitation_created', 'audit.agent_created', 'audit.agent_step_on', 'audit.agent_recovery_code']) {
      await page.getByText(say(key)).first().waitFor();
    }
    await page.getByRole('button', { name: say('audit.show') }).first().click();
    expect(await page.content()).not.toContain(secret);

    await mia.page.goto('/inbox/mine');
    await mia.page.getByRole('button', { name: 'Mia Sato' }).waitFor();
    await page.goto('/settings/people');
    await page.getByRole('button', { name: say('people.more_of', { name: 'Mia Sato' }) }).click();
    await page.getByRole('menuitem', { name: say('people.deactivate') }).click();
    await page.getByRole('dialog').getByRole('button', { name: say('people.deactivate') }).click();
    await page.getByText(saying('people.deactivated')).first().waitFor();
    await mia.page.waitForURL((url) => url.pathname === '/sign-in');
    expect(anna.faults()).toEqual([]);
  });
});
