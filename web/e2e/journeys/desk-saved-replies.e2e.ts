import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../support/browser.ts';
import { Desk } from '../support/desk.ts';
import { keepPictures } from '../support/evidence.ts';
import { postMail } from '../support/mail.ts';
import { composer, message, open, row } from '../support/thread.ts';
import { say } from '../support/words.ts';

describe('a saved reply', () => {
  let desk: Desk;
  let anna: Person;
  let id: number;

  keepPictures(() => [anna]);
  beforeAll(async () => {
    desk = await Desk.open();
    anna = await desk.person();
    await desk.setUpQuietly(anna);
    const inbox = await desk.addInbox(anna);
    const post = (path: string, body: object) => desk.api<{ id: number }>(anna, 'POST', path, body);
    await post('/saved-replies', { name: 'Call you', texts: { en: '<p>Hello {{ customer.first_name }}, we call {{ customer.phone }}.</p>' } });
    await post('/macros', { name: 'Lost parcel', texts: { en: '<p>Sorry, {{ customer.first_name }}. It is lost.</p>' }, actions: { add_tags: ['lost'], priority: 'high' } });
    await post('/macros', { name: 'Urgent', actions: { priority: 'urgent' } });
    const made = await desk.api<{ conversation: { id: number } }>(anna, 'POST', '/conversations', {
      inbox_id: inbox.id, direction: 'inbound', customer: { name: 'Jane Doe', email: 'jane@customer.example' }, subject: 'Parcel', text: 'Where is it?',
    });
    id = made.conversation.id;
    await anna.page.goto('/inbox/open');
    await open(anna.page, 'Parcel', 'Where is it?');
  });
  afterAll(() => desk?.close());

  // Two conversations that nobody has answered, in the list.
  const two = async (subject: string) => {
    const inbox = (await desk.api<{ items: { id: number }[] }>(anna, 'GET', '/inboxes')).items[0]!;
    for (const name of ['Ada', 'Ida']) {
      await desk.api(anna, 'POST', '/conversations', { inbox_id: inbox.id, direction: 'inbound', customer: { name, email: `${name}@customer.example` }, subject: `${subject} ${name}`, text: 'Where is it?' });
    }
    await anna.page.goto('/inbox/open');
    for (const name of ['Ada', 'Ida']) await row(anna.page, `${subject} ${name}`).waitFor();
  };

  const picker = () => anna.page.getByRole('combobox', { name: say('saved.search') });

  test('opens with a slash, is found by words, shown as it will stand here, and cannot be sent while a value is missing', async () => {
    const { page } = anna;
    await page.keyboard.press('r');
    await page.keyboard.type('/');
    await picker().waitFor();
    await page.keyboard.type('call');
    await page.getByText('Hello Jane, we call {{customer.phone}}.').waitFor();
    await page.getByText(say('saved.missing', { names: 'customer.phone' })).waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => composer(page).innerText()).toContain('Hello Jane, we call {{customer.phone}}.');
    await page.keyboard.press('Control+Enter');
    await page.getByText(say('saved.unfilled', { names: '{{customer.phone}}' })).waitFor();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    expect(anna.faults()).toEqual([]);
  });

  test('as a macro brings its changes along, which happen when the reply is sent', async () => {
    const { page } = anna;
    await page.keyboard.press('Control+j');
    await picker().waitFor();
    await page.keyboard.type('lost');
    await page.getByText('Sorry, Jane. It is lost.').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('group', { name: say('saved.with') }).getByText('+lost').waitFor();
    await page.keyboard.press('Control+Enter');
    await message(page, 'Sorry, Jane. It is lost.').waitFor();
    await expect.poll(() => desk.api(anna, 'GET', `/conversations/${id}`)).toMatchObject({ priority: 'high', tags: [{ name: 'lost' }] });
    expect(anna.faults()).toEqual([]);
  });

  test('that is no text changes the conversation at once, and a slash that meant nothing stays a slash', async () => {
    const { page } = anna;
    await page.keyboard.press('r');
    await page.keyboard.press('Control+j');
    await picker().waitFor();
    await page.keyboard.type('urgent');
    await page.getByText(say('saved.only_actions')).waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await desk.api<{ priority: string }>(anna, 'GET', `/conversations/${id}`)).priority).toBe('urgent');
    await composer(page).focus();
    await page.keyboard.type('and ');
    await page.keyboard.type('/');
    await picker().waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.type('or');
    await expect.poll(() => composer(page).innerText()).toContain('and /or');
    expect(anna.faults()).toEqual([]);
  });

  test('for later goes back to a draft when the customer writes first', async () => {
    const { page } = anna;
    await composer(page).focus();
    await page.keyboard.type(' tomorrow then');
    await page.getByRole('button', { name: say('composer.send_more') }).click();
    await page.getByRole('menuitem', { name: say('cmd.send_later') }).click();
    await page.getByRole('textbox', { name: say('snooze.typed') }).fill('tomorrow 10:00');
    await page.keyboard.press('Enter');
    await message(page, 'tomorrow then').getByRole('button', { name: say('delivery.cancel') }).waitFor();
    const [last] = (await desk.api<{ items: { rfc_id: string }[] }>(anna, 'GET', `/conversations/${id}/messages?order=desc&limit=1&kinds=outbound`)).items;
    await postMail(desk.program.smtpPort, { from: 'Jane Doe <jane@customer.example>', to: 'support@lindenandloom.example', subject: 'Re: Parcel', text: 'It came!', headers: { 'In-Reply-To': `<${last!.rfc_id}>` } });
    await message(page, 'It came!').waitFor();
    await expect.poll(async () => (await desk.api<{ text: string }>(anna, 'GET', `/conversations/${id}/draft`)).text).toContain('tomorrow then');
    expect(anna.faults()).toEqual([]);
  });

  test('is written in the settings as a reply is, with variables, a button, a picture, a file and tasks', async () => {
    const { page } = anna;
    await page.goto('/settings/replies');
    await page.getByRole('button', { name: say('replies.new') }).click();
    await page.getByLabel(say('replies.name')).fill('Opening hours');
    const text = page.getByRole('textbox', { name: `${say('replies.body')}: English` });
    await page.locator('.ProseMirror').waitFor();
    await text.click();
    await page.keyboard.type('Hello ');
    await page.getByRole('button', { name: say('replies.variable') }).click();
    await page.getByRole('menuitem', { name: say('replies.var_customer_first_name') }).click();
    await expect.poll(() => text.innerText()).toContain('Hello {{ customer.first_name }}');
    await page.keyboard.type(', come and see us.');
    await page.getByRole('button', { name: say('composer.button'), exact: true }).click();
    await page.getByLabel(say('composer.button_label')).fill('Opening hours');
    await page.getByLabel(say('composer.button_address')).fill('shop.example/hours');
    await page.getByRole('button', { name: say('composer.button_set'), exact: true }).click();
    await page.locator(`input[type=file][aria-label="${say('composer.picture')}"]`).setInputFiles({ name: 'map.png', mimeType: 'image/png', buffer: dot });
    await text.locator('img[data-cid]').waitFor();
    await page.locator(`input[type=file][aria-label="${say('composer.attach')}"]`).setInputFiles({ name: 'way.txt', mimeType: 'text/plain', buffer: Buffer.from('left, then left') });
    await page.getByRole('button', { name: say('composer.remove_file', { name: 'way.txt' }) }).waitFor();
    await page.frameLocator(`iframe[title="${say('message.frame')}"]`).getByText('Hello Jane, come and see us.').waitFor();
    await page.getByRole('button', { name: say('replies.task_add') }).click();
    await page.getByLabel(say('tasks.text')).fill('Ask {{ customer.first_name }} how it was');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('button', { name: 'Opening hours', exact: true }).waitFor();
    expect(anna.faults()).toEqual([]);
  });

  test('brings all of that into the conversation, and closing it names the tasks that are left', async () => {
    const { page } = anna;
    const inbox = (await desk.api<{ items: { id: number }[] }>(anna, 'GET', '/inboxes')).items[0]!;
    const { conversation } = await desk.api<{ conversation: { id: number } }>(anna, 'POST', '/conversations', {
      inbox_id: inbox.id, direction: 'inbound', customer: { name: 'Eva Doe', email: 'eva@customer.example' }, subject: 'Where', text: 'Where are you?',
    });
    await page.goto('/inbox/open');
    await open(page, 'Where', 'Where are you?');
    await page.keyboard.press('r');
    await page.keyboard.press('Control+j');
    await picker().waitFor();
    await page.keyboard.type('opening');
    await page.frameLocator(`iframe[title="${say('message.frame')}"]`).getByText('Hello Eva, come and see us.').waitFor();
    await page.keyboard.press('Enter');
    await page.getByText(say('tasks.added', { count: 1 })).first().waitFor();
    await composer(page).locator('img[data-cid]').waitFor();
    await page.getByRole('button', { name: say('composer.remove_file', { name: 'way.txt' }) }).waitFor();
    await page.keyboard.press('Control+Shift+Enter');
    await page.getByText(say('tasks.left_open', { count: 1, names: 'Ask Eva how it was' })).first().waitFor();
    const [sent] = (await desk.api<{ items: { html: string; text: string; attachments: { name: string; inline: boolean }[] }[] }>(anna, 'GET', `/conversations/${conversation.id}/messages?kinds=outbound`)).items;
    expect(sent!.text).toContain('Opening hours <https://shop.example/hours>');
    expect(sent!.html).toContain('bgcolor="#3346b3"');
    expect(sent!.attachments.map(({ name, inline }) => [name, inline]).sort()).toEqual([['map.png', true], ['way.txt', false]]);
    expect(anna.faults()).toEqual([]);
  });

  test('is written by the tone guide, which an admin switches on in one click, tries and changes', async () => {
    const { page } = anna;
    await page.goto('/settings/tone');
    await page.getByRole('button', { name: say('tone.starter') }).click();
    const rules = page.getByRole('list', { name: say('settings.tone') }).getByRole('listitem');
    await rules.filter({ hasText: 'Short sentences' }).waitFor();
    await page.getByRole('button', { name: say('tone.delete_of', { name: 'Short sentences' }) }).click();
    await rules.filter({ hasText: 'Short sentences' }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: say('ui.undo') }).waitFor();
    await page.keyboard.press('z');
    await rules.filter({ hasText: 'Short sentences' }).waitFor();

    await page.getByRole('button', { name: say('tone.new') }).click();
    const dialog = page.getByRole('dialog', { name: say('tone.new') });
    await dialog.getByRole('combobox', { name: say('tone.kind') }).selectOption('glossary');
    await dialog.getByRole('textbox', { name: say('tone.name'), exact: true }).fill('What we call things');
    await dialog.getByRole('textbox', { name: say('tone.glossary_lines') }).fill('locker, pick-up box → parcel locker');
    await dialog.getByRole('button', { name: say('tone.create') }).click();
    await rules.filter({ hasText: 'What we call things' }).waitFor();

    await page.getByRole('textbox', { name: say('tone.try_customer') }).fill('This is unacceptable!');
    await page.getByRole('textbox', { name: say('tone.try_label') }).fill('It waits in the locker. As I said.');
    await page.keyboard.press('Control+Enter');
    const result = page.getByRole('status').filter({ hasText: say('tone.sounds_angry') });
    await result.waitFor();
    await expect.poll(() => result.locator('mark').allInnerTexts()).toEqual(['locker', 'As I said']);
    await expect.poll(() => result.innerText()).toContain('An apology when the customer is angry');
    expect(anna.faults()).toEqual([]);
  });

  test('is marked while it is written, and asks before it leaves without an apology', async () => {
    const { page } = anna;
    await desk.api(anna, 'PATCH', '/me', { undo_seconds: 0 });
    await postMail(desk.program.smtpPort, { from: 'Eva Holt <eva@customer.example>', to: 'support@lindenandloom.example', subject: 'Again', text: 'This is unacceptable! I want my money back.' });
    await page.goto('/inbox/open');
    await open(page, 'Again', 'This is unacceptable!');
    await page.keyboard.press('r');
    await page.keyboard.type('It waits in the locker.');
    const guide = page.getByRole('region', { name: say('settings.tone') });
    const marked = guide.getByRole('button', { name: say('tone.select', { words: 'locker' }) });
    await marked.waitFor();
    await marked.click();
    expect(await page.evaluate(() => getSelection()?.toString())).toBe('locker');
    await guide.getByRole('button', { name: say('tone.replace', { words: 'parcel locker' }) }).click();
    await marked.waitFor({ state: 'detached' });
    await expect.poll(() => composer(page).innerText()).toBe('It waits in the parcel locker.');

    await composer(page).focus();
    await page.keyboard.press('Control+Enter');
    await guide.getByText(say('tone.ask', { rules: 'An apology when the customer is angry' })).waitFor();
    await expect(message(page, 'parcel locker').count()).resolves.toBe(0);
    await page.keyboard.press('Enter');
    await guide.getByRole('button', { name: /^Add “We are sorry/ }).click();
    await page.keyboard.press('Control+Enter');
    await message(page, 'We are sorry for the trouble').waitFor();

    await page.keyboard.press('r');
    await page.keyboard.type('It is on its way.');
    await page.keyboard.press('Control+Enter');
    await guide.getByRole('button', { name: say('tone.send') }).click();
    await message(page, 'It is on its way.').waitFor();
    await desk.until<{ items: { ignored: number }[] }>(anna, '/tone-rules', ({ items }) => items.some((rule) => rule.ignored === 1));
    expect(anna.faults()).toEqual([]);
  });

  test('asks in the same way wherever somebody writes to people outside: to somebody new, aside, and to many', async () => {
    const { page } = anna;
    type Rules = { items: { id: number; name: string; ignored: number }[] };
    const rule = (await desk.api<Rules>(anna, 'GET', '/tone-rules')).items.find((one) => one.name === 'What we call things')!;
    await desk.api(anna, 'PATCH', `/tone-rules/${rule.id}`, { strictness: 'must' });
    const counted = (times: number) => desk.until<Rules>(anna, '/tone-rules', ({ items }) => items.some((one) => one.id === rule.id && one.ignored === times));
    const asks = say('tone.ask', { rules: 'What we call things' });
    const guide = page.getByRole('region', { name: say('settings.tone') });

    await page.goto('/new?to=nia@customer.example');
    await page.getByLabel(say('new.subject'), { exact: true }).fill('Your order');
    await page.getByRole('textbox', { name: say('new.text') }).click();
    await page.keyboard.type('It waits in the locker.');
    await guide.getByRole('button', { name: say('tone.select', { words: 'locker' }) }).waitFor();
    await page.keyboard.press('Control+Enter');
    await guide.getByText(asks).waitFor();
    await guide.getByRole('button', { name: say('tone.send') }).click();
    await message(page, 'It waits in the locker.').waitFor();
    await counted(1);

    await page.getByRole('button', { name: say('cmd.side') }).click();
    const aside = page.getByRole('dialog', { name: say('cmd.side') });
    await aside.getByLabel(say('side.subject'), { exact: true }).fill('Parcel 4711');
    await aside.getByLabel(say('composer.to'), { exact: true }).fill('Courier <parcels@courier.example>');
    await aside.getByRole('textbox', { name: say('side.text') }).click();
    await page.keyboard.type('Is it in the locker?');
    await aside.getByRole('button', { name: say('tone.select', { words: 'locker' }) }).waitFor();
    await page.keyboard.press('Control+Enter');
    await aside.getByText(asks).waitFor();
    await aside.getByRole('button', { name: say('tone.replace', { words: 'parcel locker' }) }).click();
    await aside.getByRole('textbox', { name: say('side.text') }).focus();
    await page.keyboard.press('Control+Enter');
    await page.getByRole('dialog', { name: 'Parcel 4711' }).getByText('Is it in the parcel locker?').first().waitFor();

    await two('Many');
    await page.keyboard.press('Control+a');
    await page.keyboard.press('r');
    const many = page.getByRole('dialog', { name: say('bulk.reply') });
    const words = many.getByRole('textbox', { name: say('replies.bulk_text') });
    await words.fill('We are sorry. It waits in the locker.');
    await page.keyboard.press('Control+Enter');
    await many.getByText(asks).waitFor();
    await many.getByRole('button', { name: say('tone.replace', { words: 'parcel locker' }) }).click();
    await expect.poll(() => words.inputValue()).toBe('We are sorry. It waits in the parcel locker.');
    await words.fill('We are sorry. It waits in the locker for you.');
    await page.keyboard.press('Control+Enter');
    await many.getByRole('button', { name: say('tone.send') }).click();
    await many.waitFor({ state: 'detached' });
    await counted(2);
    expect(anna.faults()).toEqual([]);
  });

  test('to many shows what it brings, and each conversation gets its tasks', async () => {
    const { page } = anna;
    await desk.api(anna, 'POST', '/saved-replies', { name: 'It is late', texts: { en: '<p>We are sorry: it is late.</p>' }, actions: { add_tags: ['late'], tasks: [{ text: 'Ask the courier' }] } });
    await two('Late');
    await page.keyboard.press('Control+a');
    await page.keyboard.press('r');
    const many = page.getByRole('dialog', { name: say('bulk.reply') });
    const choice = many.getByRole('combobox', { name: say('replies.bulk_saved') });
    await choice.selectOption({ label: 'It is late' });
    await many.getByRole('group', { name: say('saved.with') }).getByText('+late').waitFor();
    await many.getByText(say('replies.bulk_tasks', { count: 1 })).waitFor();
    await choice.press('Control+Enter');
    await many.waitFor({ state: 'detached' });
    const late = await desk.until<{ items: { id: number }[] }>(anna, '/conversations?tag=late', ({ items }) => items.length > 1);
    for (const one of late.items) {
      const tasks = await desk.api<{ items: { text: string }[] }>(anna, 'GET', `/conversations/${one.id}/tasks`);
      expect(tasks.items.filter(({ text }) => text === 'Ask the courier')).toHaveLength(1);
    }
    expect(anna.faults()).toEqual([]);
  });
});

const dot = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
