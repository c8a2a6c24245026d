import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../support/browser.ts';
import { join } from '../support/colleagues.ts';
import { Desk } from '../support/desk.ts';
import { keepPictures } from '../support/evidence.ts';
import { feed, open } from '../support/thread.ts';
import { say, saying } from '../support/words.ts';

describe('a team that can be trusted', () => {
  let desk: Desk;
  let anna: Person;
  let marek: Person;
  let inbox: { id: number };

  keepPictures(() => [anna, marek]);
  beforeAll(async () => {
    desk = await Desk.open();
    anna = await desk.person();
    marek = await desk.person();
    await desk.setUpQuietly(anna);
    inbox = await desk.addInbox(anna);
    await join(desk, anna, marek, { name: 'Marek Novák', email: 'marek@lindenandloom.example', inbox: inbox.id });
  });
  afterAll(() => desk?.close());

  const menuOf = async (name: string, item: string) => {
    await anna.page.goto('/settings/people');
    await anna.page.getByRole('button', { name: say('people.more_of', { name }) }).click();
    await anna.page.getByRole('menuitem', { name: say(item) }).click();
  };
  const signedOut = (person: Person) => person.page.waitForURL((url) => url.pathname === '/sign-in');

  test('a role of the shop stands in the table and is changed there', async () => {
    const { page } = anna;
    await page.goto('/settings/roles');
    const table = page.getByRole('table', { name: say('settings.roles') });
    for (const role of ['owner', 'admin', 'lead', 'agent', 'light_agent']) await table.getByRole('columnheader').filter({ hasText: say(`role.${role}`) }).first().waitFor();
    await page.getByRole('button', { name: say('roles.new') }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(say('roles.name')).fill('Packers');
    await dialog.getByLabel(say('permission.conversations_note')).check({ force: true });
    await dialog.getByRole('button', { name: say('roles.create') }).click();
    await page.getByRole('button', { name: say('roles.edit_of', { name: 'Packers' }) }).click();
    await dialog.getByLabel(say('permission.conversations_note')).uncheck({ force: true });
    await dialog.getByRole('button', { name: say('ui.save') }).click();
    await dialog.waitFor({ state: 'detached' });
    const { items } = await desk.api<{ items: { name: string; permissions: string[] }[] }>(anna, 'GET', '/roles');
    expect(items.find(({ name }) => name === 'Packers')?.permissions).toEqual(['conversations:read']);
    expect(anna.faults()).toEqual([]);
  });

  test('somebody ends a session of their own, and its window is closed at once', async () => {
    const elsewhere = await desk.person();
    await desk.signIn(elsewhere, 'marek@lindenandloom.example', 'seven cups of strong tea');
    await marek.page.goto('/settings/me');
    const sessions = marek.page.getByRole('list', { name: say('profile.sessions') });
    await sessions.getByText(say('profile.this_browser')).waitFor();
    await sessions.getByRole('button', { name: say('profile.end_session') }).click();
    await signedOut(elsewhere);
    await elsewhere.context.close();
    expect(marek.faults()).toEqual([]);
  });

  test('an admin sees where somebody is signed in and ends it', async () => {
    await marek.page.goto('/inbox/open');
    await marek.page.getByRole('button', { name: 'Marek Novák' }).waitFor();
    await menuOf('Marek Novák', 'people.sessions');
    const dialog = anna.page.getByRole('dialog');
    await dialog.getByRole('button', { name: say('profile.end_session') }).click();
    await dialog.getByText(say('people.no_sessions')).waitFor();
    await dialog.getByRole('button', { name: say('ui.done') }).click();
    await signedOut(marek);
    expect(anna.faults()).toEqual([]);
  });

  test('another role signs out, and the person comes back with it', async () => {
    await desk.signIn(marek, 'marek@lindenandloom.example', 'seven cups of strong tea');
    await menuOf('Marek Novák', 'people.edit');
    const dialog = anna.page.getByRole('dialog');
    await dialog.getByLabel(say('people.role'), { exact: true }).selectOption({ label: say('role.lead') });
    await dialog.getByText(say('people.role_signs_out')).waitFor();
    await dialog.getByRole('button', { name: say('ui.save') }).click();
    await signedOut(marek);
    await desk.signIn(marek, 'marek@lindenandloom.example', 'seven cups of strong tea');
    const me = await desk.api<{ role: { key: string } }>(marek, 'GET', '/me');
    expect(me.role.key).toBe('lead');
    expect(anna.faults()).toEqual([]);
  });

  test('who is deactivated is out at once, and their conversations go back to the team with a line that says so', async () => {
    const { page } = anna;
    const { items: agents } = await desk.api<{ items: { id: number; name: string }[] }>(anna, 'GET', '/agents');
    const team = await desk.api<{ id: number }>(anna, 'POST', '/teams', { name: 'Orders', agent_ids: agents.map(({ id }) => id) });
    const { conversation } = await desk.api<{ conversation: { id: number } }>(anna, 'POST', '/conversations', {
      inbox_id: inbox.id, direction: 'inbound', customer: { name: 'Jane Doe', email: 'jane@customer.example' },
      subject: 'Where is my lamp?', text: 'I ordered it two weeks ago.',
    });
    await desk.api(anna, 'PATCH', `/conversations/${conversation.id}`, { team_id: team.id, assignee_id: agents.find(({ name }) => name === 'Marek Novák')!.id });
    await marek.page.goto('/inbox/mine');
    await open(marek.page, 'Where is my lamp?', 'I ordered it two weeks ago.');

    await menuOf('Marek Novák', 'people.deactivate');
    await page.getByRole('dialog').getByRole('button', { name: say('people.deactivate') }).click();
    await page.getByText(saying('people.deactivated')).first().waitFor();
    await signedOut(marek);

    await page.goto('/inbox/unassigned');
    await open(page, 'Where is my lamp?', 'I ordered it two weeks ago.');
    await feed(page).getByText(say('event.left_team', { from: 'Marek Novák', team: 'Orders' })).waitFor();
    expect(anna.faults()).toEqual([]);
  });

  test('the audit log tells of it with before and after, by subject and by person', async () => {
    const { page } = anna;
    await page.goto('/settings/audit');
    for (const key of ['audit.role_created', 'audit.role_changed', 'audit.agent_session_ended', 'audit.agent_deactivated']) {
      await page.getByText(say(key)).first().waitFor();
    }
    await page.getByLabel(say('audit.about')).selectOption({ label: say('settings.roles') });
    await page.waitForURL(/subject=role/);
    await page.getByText(say('audit.agent_deactivated')).waitFor({ state: 'detached' });
    const changed = page.getByRole('listitem').filter({ hasText: say('audit.role_changed') }).first();
    await changed.getByRole('button', { name: say('audit.show') }).click();
    const cells = await changed.getByRole('row').filter({ hasText: 'permissions' }).getByRole('cell').allInnerTexts();
    expect(cells).toEqual(['["conversations:note","conversations:read"]', '["conversations:read"]']);

    await page.getByLabel(say('audit.about')).selectOption('');
    await page.getByLabel(say('audit.by')).selectOption({ label: 'Marek Novák' });
    await page.getByText(say('audit.agent_created')).waitFor();
    await page.getByText(say('audit.role_changed')).waitFor({ state: 'detached' });
    expect(anna.faults()).toEqual([]);
  });

  test('the storage page says what takes how much room', async () => {
    const { page } = anna;
    await desk.until<{ measured_at: string | null }>(anna, '/storage', ({ measured_at }) => measured_at !== null);
    await page.goto('/settings/storage');
    await page.getByRole('heading', { name: say('storage.too_early') }).waitFor();
    const disk = page.getByRole('meter', { name: say('storage.disk') });
    expect(await disk.getAttribute('aria-valuetext')).toMatch(/free of/);
    for (const key of ['storage.database', 'storage.raw_mail', 'storage.search', 'storage.files', 'storage.attachments']) {
      await page.getByRole('term').filter({ hasText: say(key) }).first().waitFor();
    }
    expect(anna.faults()).toEqual([]);
  });

  test('the mail sender is explained when it does not answer, and nothing is kept', async () => {
    const { page } = anna;
    await page.goto('/settings/mail-sender');
    await page.getByText(say('sender.none')).waitFor();
    await page.getByLabel(say('sender.via_smtp')).check({ force: true });
    await page.getByLabel(say('sender.address')).fill('desk@lindenandloom.example');
    await page.getByRole('textbox', { name: say('inboxes.server') }).fill('127.0.0.1');
    await page.getByLabel(say('inboxes.port')).fill('9');
    await page.getByLabel(say('inboxes.security')).selectOption('none');
    await page.getByRole('button', { name: say('inboxes.test'), exact: true }).click();
    await page.getByText('127.0.0.1 refused the connection.').first().waitFor();
    await page.reload();
    await page.getByText(say('sender.none')).waitFor();
    expect(anna.faults()).toEqual([]);
  });
});
