import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Person } from '../support/browser.ts';
import { connectByPage } from '../support/connect.ts';
import { Desk } from '../support/desk.ts';
import { keepPictures } from '../support/evidence.ts';
import { openSink, postMail, rawMail, type Sink } from '../support/mail.ts';
import { axe, bareKeys, settled } from '../support/page.ts';
import { headerOf } from '../support/received.ts';
import { startMailServers, type MailServers } from '../support/servers.ts';
import { composer, message, open, reply, write } from '../support/thread.ts';
import { say } from '../support/words.ts';

const jane = 'Jane Doe <jane@customer.example>';
const looks = [
  { name: 'light', locale: 'en' }, { name: 'dark', locale: 'en', colorScheme: 'dark' }, { name: 'ja', locale: 'ja' },
  { name: 'phone', locale: 'en', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
] as const;

describe('a shop that looks after its mail', () => {
  let desk: Desk;
  let sink: Sink;
  let anna: Person;
  let inbox: { id: number; address: string };

  keepPictures(() => [anna]);
  beforeAll(async () => {
    [desk, sink] = await Promise.all([Desk.open(), openSink()]);
    anna = await desk.person();
    await desk.setUpQuietly(anna);
    inbox = await desk.addInbox(anna, {
      aliases: ['hello@lindenandloom.example'], smtp: { host: '127.0.0.1', port: sink.port, tls: 'none' }, sending: { link_over_mb: 1 },
    });
    await desk.api(anna, 'PATCH', '/me', { undo_seconds: 0 });
  });
  afterAll(async () => {
    await desk?.close();
    await sink?.close();
  });

  const ask = async (subject: string, text: string, from = jane) => {
    await postMail(desk.program.smtpPort, { from, to: inbox.address, subject, text });
    await anna.page.goto('/inbox/open');
    await open(anna.page, subject, text);
  };

  /** Looks at what is open now as everybody would: other colours, another language, a phone. */
  const everyLook = async (path: string, cookies = true) => {
    for (const { name, ...options } of looks) {
      const somebody = await desk.person(options);
      if (cookies) await somebody.context.addCookies(await anna.context.cookies());
      await somebody.page.goto(path.startsWith('/files') ? path : `${path}?locale=${options.locale}`);
      if (cookies) await settled(somebody.page);
      const wide = await somebody.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      const found = [...somebody.faults(), ...(await axe(somebody.page)), ...(await bareKeys(somebody.page)), ...(wide > 0 ? [`${wide} pixels too wide`] : [])];
      expect(found, `${path} in ${name}`).toEqual([]);
      await somebody.context.close();
    }
  };

  test('blocks a domain, sees its mail in spam, and takes that back', async () => {
    const { page } = anna;
    await page.goto('/settings/spam');
    const blocked = page.locator('section').filter({ has: page.getByRole('heading', { name: say('spam.block'), exact: true }) });
    await blocked.getByLabel(say('spam.pattern')).fill('casino.example');
    await blocked.getByRole('button', { name: say('spam.add') }).click();
    await blocked.getByText('@casino.example').waitFor();
    await postMail(desk.program.smtpPort, { from: 'Win <win@casino.example>', to: inbox.address, subject: 'You won', text: 'Click here.' });
    await everyLook('/settings/spam');
    await page.goto('/inbox/spam');
    await open(page, 'You won', 'Click here.');
    await message(page, 'Click here.').getByText(say('facts.spam_blocked', { pattern: '@casino.example' })).waitFor();
    await page.goto('/settings/spam');
    await blocked.getByRole('button', { name: say('spam.remove', { pattern: '@casino.example' }) }).click();
    await blocked.getByText(say('spam.block_none')).waitFor();
    await page.getByRole('button', { name: say('ui.undo') }).click();
    await blocked.getByText('@casino.example').waitFor();
    expect(anna.faults()).toEqual([]);
  });

  test('teaches a rule who writes through its form, tries it, and gets the customer', async () => {
    const { page } = anna;
    await page.goto('/settings/customer-rules');
    await page.getByRole('button', { name: say('rules.new') }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(say('rules.name'), { exact: true }).fill('Repairs');
    await dialog.getByLabel(say('rules.senders')).fill('robot@forms.example');
    await dialog.getByRole('button', { name: say('rules.create') }).click();
    await page.getByText('Repairs', { exact: true }).waitFor();
    const letter = { from: 'Form <robot@forms.example>', to: inbox.address, subject: 'Repair', text: 'My lamp is broken.', headers: { 'Reply-To': 'Mia <mia@home.example>' } };
    await page.getByLabel(say('rules.source_text')).fill(rawMail(letter));
    await page.getByRole('button', { name: say('rules.try_it'), exact: true }).click();
    await page.getByRole('status').getByText('Mia <mia@home.example>').waitFor();
    await everyLook('/settings/customer-rules');
    await postMail(desk.program.smtpPort, letter);
    await page.goto('/inbox/open');
    await open(page, 'Repair', 'My lamp is broken.');
    await page.getByRole('complementary').getByText('mia@home.example').first().waitFor();
    expect(anna.faults()).toEqual([]);
  });

  test('answers from another address of the inbox', async () => {
    const { page } = anna;
    await ask('Two addresses', 'Which one are you?');
    await write(page, 'We are the same shop.');
    await page.getByTitle(/^Change the recipients/).click();
    await page.getByLabel(say('composer.from'), { exact: true }).selectOption('hello@lindenandloom.example');
    await composer(page).focus();
    await page.keyboard.press('Control+Enter');
    expect(headerOf(await sink.waitFor('We are the same shop.'), 'From')).toContain('<hello@lindenandloom.example>');
    expect(anna.faults()).toEqual([]);
  });

  test('edits a message that nobody could get, and sends it in its own place', async () => {
    const { page } = anna;
    await ask('A wrong address', 'Please answer.', 'Nobody <nobody@customer.example>');
    await write(page, 'Here is your answer.');
    await page.keyboard.press('Control+Enter');
    const failed = message(page, 'Here is your answer.');
    await failed.getByText('The recipient\'s address does not exist.').waitFor();
    await failed.getByRole('button', { name: say('delivery.edit') }).click();
    await page.getByText(say('composer.replaces')).waitFor();
    await composer(page).getByText('Here is your answer.').waitFor();
    await page.getByTitle(/^Change the recipients/).click();
    await page.getByRole('button', { name: say('composer.remove_person', { name: 'Nobody' }) }).click();
    await page.getByLabel(say('composer.to'), { exact: true }).fill('somebody@customer.example');
    await page.keyboard.press('Enter');
    await composer(page).focus();
    await page.keyboard.press('Control+Enter');
    expect(headerOf(await sink.waitFor('Here is your answer.'), 'To')).toContain('somebody@customer.example');
    await page.getByText(say('delivery.replaced')).waitFor();
    expect(anna.faults()).toEqual([]);
  });

  test('sends a large file as a link to a page in the reader’s language', async () => {
    const { page } = anna;
    await ask('The manual', 'Where is it?');
    await write(page, 'Here it comes.');
    await page.locator('input[type=file]').last().setInputFiles({ name: 'Manual.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(2 << 20, 'x') });
    await page.getByRole('button', { name: say('composer.remove_file', { name: 'Manual.pdf' }) }).waitFor();
    await composer(page).focus();
    await page.keyboard.press('Control+Enter');
    const raw = (await sink.waitFor('Here it comes.')).replace(/=\r?\n/g, '').replaceAll('=3D', '=');
    const link = new URL(/http:\/\/127\.0\.0\.1:\d+\/files\/[\w.~:-]+/.exec(raw)![0]);
    expect(raw.length).toBeLessThan(100_000);
    await everyLook(link.pathname, false);
    const customer = await desk.person({ locale: 'ja', acceptDownloads: true });
    await customer.page.goto(link.pathname);
    expect(await customer.page.evaluate(() => document.documentElement.lang)).toBe('ja');
    const coming = customer.page.waitForEvent('download');
    await customer.page.getByRole('link').click();
    expect((await coming).suggestedFilename()).toBe('Manual.pdf');
    await customer.page.goto(`${link.pathname}x`);
    await expect.poll(() => customer.page.getByRole('link').count()).toBe(0);
    await customer.context.close();
    expect(anna.faults()).toEqual([]);
  });

  test('is told in words when a consent comes back refused', async () => {
    const { page } = anna;
    await page.goto('/settings/inboxes/connected?state=unknown&error=access_denied');
    await page.getByRole('main').getByRole('alert').waitFor();
    await page.getByRole('main').getByRole('button', { name: say('settings.inboxes') }).click();
    await page.waitForURL('**/settings/inboxes');
    expect(anna.faults()).toEqual([]);
  });

  describe('in a real mailbox', () => {
    let servers: MailServers | undefined;
    beforeAll(async () => {
      servers = await startMailServers();
    });
    afterAll(() => servers?.close());
    beforeEach((context) => {
      if (!servers) context.skip('Dovecot and Postfix are not installed');
    });

    test('sees each folder’s health, brings in old mail, and gets a customer out of the spam folder', async () => {
      const { page } = anna;
      const { support } = servers!.users;
      const old = new Date(Date.now() - 30 * 86_400_000);
      const letter = (subject: string) => rawMail({ from: 'Cem <customer@post.test>', to: support.address, subject, text: 'Hello there.', headers: { Date: old.toUTCString(), 'Message-ID': `<${subject.replaceAll(' ', '.')}@post.test>` } });
      await servers!.append(support.address, 'INBOX', old, Array.from({ length: 30 }, (_, n) => letter(`Old order ${n}`)));
      await connectByPage(page, servers!, support);
      const [mailbox] = (await desk.api<{ items: { id: number; address: string }[] }>(anna, 'GET', '/inboxes')).items.filter(({ address }) => address === support.address);
      await page.goto(`/settings/inboxes/${mailbox!.id}`);
      await page.getByText(say('inboxes.junk_mail')).waitFor();
      await expect(page.getByLabel(say('inboxes.rescue')).isChecked()).resolves.toBe(true);

      await page.getByRole('button', { name: say('inboxes.import_new') }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('combobox', { name: say('inboxes.import_folder') }).selectOption('INBOX');
      await dialog.getByRole('button', { name: say('inboxes.import_count') }).click();
      await page.getByRole('button', { name: say('inboxes.import_start') }).click();
      await page.getByText(say('inboxes.import_done')).waitFor();
      await everyLook(`/settings/inboxes/${mailbox!.id}`);

      await page.goto('/inbox/open');
      await servers!.post({ from: 'Cem <customer@post.test>', to: support.address, subject: 'Is it in stock?', text: 'The blue one.' });
      await open(page, 'Is it in stock?', 'The blue one.');
      await reply(page, 'It is.');
      await servers!.append(support.address, 'Junk', new Date(), [letter('Then I want two')]);
      await open(page, 'Then I want two', 'Hello there.');
      await message(page, 'Hello there.').getByText(say('facts.rescued')).waitFor();
      await everyLook(new URL(page.url()).pathname);
      await expect.poll(() => servers!.mails(support.address, 'Junk')).toHaveLength(1);
      expect(anna.faults()).toEqual([]);
    });
  });
});
