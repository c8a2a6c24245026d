import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../support/browser.ts';
import { join } from '../support/colleagues.ts';
import { Desk } from '../support/desk.ts';
import { keepPictures } from '../support/evidence.ts';
import { openSink, postMail, type Sink } from '../support/mail.ts';
import { composer, feed, list, message, open, reply, row, write } from '../support/thread.ts';
import { say, saying } from '../support/words.ts';

const subject = 'Is the lamp dimmable?';
const question = 'I would like to know before I order.';

describe('two agents at one conversation', () => {
  let desk: Desk;
  let sink: Sink;
  let anna: Person;
  let marek: Person;

  let train: Person | undefined;

  keepPictures(() => [anna, marek, train]);
  beforeAll(async () => {
    [desk, sink] = await Promise.all([Desk.open(), openSink()]);
    anna = await desk.person();
    await desk.setUpQuietly(anna);
    const inbox = await desk.addInbox(anna, { smtp: { host: '127.0.0.1', port: sink.port, tls: 'none' } });
    marek = await desk.person();
    await join(desk, anna, marek, { name: 'Marek Novák', email: 'marek@lindenandloom.example', inbox: inbox.id });
    for (const person of [anna, marek]) await desk.api(person, 'PATCH', '/me', { undo_seconds: 0 });
    await postMail(desk.program.smtpPort, { from: 'Jane Doe <jane@customer.example>', to: inbox.address, subject, text: question });
    for (const { page } of [anna, marek]) {
      await page.goto('/inbox/open');
      await open(page, subject, question);
    }
  });
  afterAll(async () => {
    await desk?.close();
    await sink?.close();
  });

  test('see that the other is there, and is writing', async () => {
    await anna.page.getByRole('main').getByLabel(say('presence.viewing', { name: 'Marek Novák' })).waitFor();
    await write(marek.page, 'It is');
    await anna.page.getByRole('status', { name: say('presence.replying', { name: 'Marek Novák' }) }).waitFor();
    expect(anna.faults()).toEqual([]);
  });

  test('a draft that is shared is taken over by a colleague, and its author hears of it', async () => {
    const [mine, theirs] = [composer(anna.page), composer(marek.page)];
    await theirs.focus();
    await marek.page.keyboard.press('Control+a');
    await marek.page.keyboard.press('Delete');
    await write(anna.page, 'We have it in brass, too.');
    await anna.page.getByRole('button', { name: say('composer.share'), exact: true }).click();
    await anna.page.getByText(say('composer.shared')).waitFor();
    await marek.page.getByText('We have it in brass, too.').waitFor();
    await marek.page.getByRole('button', { name: say('composer.share_take') }).click();
    await expect.poll(() => theirs.innerText()).toContain('We have it in brass, too.');
    await anna.page.getByText(say('composer.taken')).first().waitFor();
    await expect.poll(() => mine.innerText()).not.toContain('brass');
    type Told = { items: { kind: string; actor: { name: string } }[] };
    await desk.until<Told>(anna, '/notifications?unread=true', ({ items }) => items.some(({ kind, actor }) => kind === 'draft_taken' && actor.name === 'Marek Novák'));
    await theirs.focus();
    await marek.page.keyboard.press('Control+a');
    await marek.page.keyboard.type('It is');
    expect(anna.faults()).toEqual([]);
    expect(marek.faults()).toEqual([]);
  });

  test('a reply is stopped when a colleague was faster, loses nothing, and can be sent anyway', async () => {
    const { page } = anna;
    await page.keyboard.press('r');
    await page.keyboard.type('Yes, with the bulb that comes with it.');
    const letGo = await holdBack(anna);
    await reply(marek.page, ', down to a glow.');
    await page.keyboard.press('Control+Enter');

    const banner = page.getByRole('alert').filter({ hasText: say('held.title') });
    await banner.waitFor();
    letGo();
    await message(page, 'down to a glow.').waitFor();
    await expect.poll(() => composer(page).innerText()).toContain('Yes, with the bulb that comes with it.');
    await sink.waitFor('down to a glow.');
    expect(sink.mails.filter((mail) => mail.includes('Yes, with the bulb'))).toEqual([]);

    await banner.getByRole('button', { name: say('held.send') }).click();
    await sink.waitFor('Yes, with the bulb');
    await message(page, 'Yes, with the bulb').waitFor();
    await banner.waitFor({ state: 'detached' });
    expect(sink.mails).toHaveLength(2);
    expect([...anna.faults(), ...marek.faults()]).toEqual([]);
  });

  test('the first steps have ticked the keys that were used', async () => {
    const { page } = marek;
    const conversation = page.url();
    await page.goto('/start');
    await page.getByRole('listitem').filter({ hasText: say('cmd.reply') }).getByRole('img', { name: say('start.done') }).waitFor();
    await page.goto(conversation);
    await message(page, question).waitFor();
  });

  test('ask the courier aside, and the customer hears nothing of it', async () => {
    const { page } = anna;
    const before = sink.mails.length;
    await page.getByRole('button', { name: say('cmd.side') }).click();
    const fresh = page.getByRole('dialog', { name: say('cmd.side') });
    await fresh.getByLabel(say('side.subject'), { exact: true }).fill('Parcel 4711');
    await fresh.getByLabel(say('composer.to'), { exact: true }).fill('Courier <parcels@courier.example>');
    await fresh.getByRole('textbox', { name: say('side.text') }).click();
    await page.keyboard.type('Where does the lamp wait?');
    await page.keyboard.press('Control+Enter');
    const asked = await sink.waitFor('Where does the lamp wait?');
    expect(asked).toMatch(/^To: .*parcels@courier\.example/m);
    expect(asked).not.toContain(question);

    const id = /^Message-ID: (<[^>]+>)/im.exec(asked)![1]!;
    await postMail(desk.program.smtpPort, {
      from: 'Courier <parcels@courier.example>', to: 'support@lindenandloom.example', subject: 'Re: Parcel 4711', text: 'It waits in Kyiv.', headers: { 'In-Reply-To': id },
    });
    const pane = page.getByRole('dialog', { name: 'Parcel 4711' });
    await pane.getByText('It waits in Kyiv.').first().waitFor();
    await pane.getByRole('button', { name: say('side.close') }).click();
    await pane.getByRole('button', { name: say('side.reopen') }).waitFor();
    await page.keyboard.press('Escape');

    for (const one of [anna, marek]) {
      await feed(one.page).getByRole('article').filter({ hasText: say('event.side_answered', { name: 'Courier', subject: 'Parcel 4711' }) }).waitFor();
      await expect.poll(() => feed(one.page).getByText('It waits in Kyiv.').count()).toBe(0);
    }
    expect(sink.mails.slice(before).filter((mail) => mail.includes('jane@customer.example'))).toEqual([]);
    expect([...anna.faults(), ...marek.faults()]).toEqual([]);
  });

  test('who loses the network reads on, writes on, and is stopped only where somebody was faster', async () => {
    const other = 'Does it come in green?';
    await postMail(desk.program.smtpPort, { from: 'Joe Doe <joe@customer.example>', to: 'support@lindenandloom.example', subject: other, text: 'Green would be best.' });
    train = await desk.person({ serviceWorkers: 'allow' });
    const { page, context } = train;
    await desk.signIn(train);
    await page.goto('/inbox/open');
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    const lamp = marek.page.url();
    await open(page, other, 'Green would be best.');
    await page.goto(lamp);
    await message(page, question).waitFor();

    await context.setOffline(true);
    await page.getByText(say('connection.offline')).waitFor();
    await page.reload();
    await message(page, question).waitFor();
    await page.getByText(saying('connection.kept')).waitFor();
    await row(page, other).click();
    await message(page, 'Green would be best.').waitFor();
    await write(page, 'It does come in green.');
    await page.keyboard.press('Control+Enter');
    await message(page, 'It does come in green.').getByText(say('delivery.offline')).waitFor();
    await page.goto(lamp);
    await message(page, question).waitFor();
    await write(page, 'Down to five per cent.');
    await page.keyboard.press('Control+Enter');
    await message(page, 'Down to five per cent.').getByText(say('delivery.offline')).waitFor();
    await page.getByText(say('connection.waiting', { count: 2 })).waitFor();
    // What waits survives a closed tab.
    await page.reload();
    await page.getByText(say('connection.waiting', { count: 2 })).waitFor();

    await reply(marek.page, 'It goes down to three per cent.');
    await sink.waitFor('It goes down to three per cent.');
    await context.setOffline(false);
    await sink.waitFor('It does come in green.');
    await page.getByText(say('connection.offline')).waitFor({ state: 'detached' });
    await page.getByRole('alert').filter({ hasText: say('held.title') }).waitFor();
    await expect.poll(() => composer(page).innerText()).toContain('Down to five per cent.');
    expect(sink.mails.filter((mail) => mail.includes('It does come in green.'))).toHaveLength(1);
    expect(sink.mails.filter((mail) => mail.includes('Down to five per cent.'))).toEqual([]);
    // Also later it says why it waits.
    await page.reload();
    await page.getByText(say('held.title')).waitFor();
    await expect.poll(() => composer(page).innerText()).toContain('Down to five per cent.');
  });

  test('who signs out leaves nothing to read on the device', async () => {
    const { page, context } = train!;
    await page.goto('/inbox/open');
    await page.getByRole('button', { name: 'Anna Linden' }).click();
    await page.getByRole('menuitem', { name: say('cmd.sign_out') }).click();
    // The way back may stand behind it.
    await page.waitForURL(/\/sign-in(\?|$)/);
    await context.setOffline(true);
    await page.goto('/inbox/open');
    await page.getByText(say('error.offline')).waitFor();
    await expect.poll(() => list(page).count()).toBe(0);
    await context.close();
  });
});

// Messages reach this browser late, as over a bad connection, until it is let go.
async function holdBack({ page }: Person): Promise<() => void> {
  let letGo = () => {};
  const free = new Promise<void>((resolve) => (letGo = resolve));
  await page.route(/\/api\/v1\/conversations\/\d+\/messages/, async (route) => {
    await free;
    await route.continue();
  });
  return letGo;
}
