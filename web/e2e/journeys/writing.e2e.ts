import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../support/browser.ts';
import { Desk } from '../support/desk.ts';
import { keepPictures } from '../support/evidence.ts';
import { openSink, postMail, type Sink } from '../support/mail.ts';
import { headerOf, textOf } from '../support/received.ts';
import { composer, feed, message, open, row, write } from '../support/thread.ts';
import { openTranslator } from '../support/translator.ts';
import { say } from '../support/words.ts';

const subject = 'Lamp arrived with a crack';
const question = 'There is a crack in the glass. Can I send a picture?';
const jane = 'Jane Doe <jane@customer.example>';
const pixels = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';

describe('writing', () => {
  let desk: Desk;
  let sink: Sink;
  let anna: Person;
  let address: string;

  keepPictures(() => [anna]);
  beforeAll(async () => {
    [desk, sink] = await Promise.all([Desk.open(), openSink()]);
    anna = await desk.person();
    await desk.setUpQuietly(anna);
    ({ address } = await desk.addInbox(anna, { smtp: { host: '127.0.0.1', port: sink.port, tls: 'none' } }));
    await desk.api(anna, 'PATCH', '/me', { undo_seconds: 0 });
    await postMail(desk.program.smtpPort, { from: jane, to: address, subject, text: question });
    await anna.page.goto('/inbox/open');
    await open(anna.page, subject, question);
  });
  afterAll(async () => {
    await desk?.close();
    await sink?.close();
  });

  /** What a mail program answers: our first mail. */
  const parent = () => headerOf(sink.mails[0]!, 'Message-ID');
  const file = (name: string) => anna.page.getByRole('button', { name: say('composer.remove_file', { name }) });

  const see = async (name: string) => {
    if (process.env.SCREENS) await anna.page.screenshot({ path: `${process.env.SCREENS}/${name}.png` });
  };

  test('files go with the reply, and a picture among them opens large', async () => {
    const { page } = anna;
    await write(page, 'Here is how it should look.');
    await hand(page, 'drop', 'notes.txt', 'text/plain');
    await file('notes.txt').waitFor();
    await page.locator('input[type=file]').last().setInputFiles(['drawing.png', 'receipt.png'].map((name) => ({ name, mimeType: 'image/png', buffer: Buffer.from(pixels, 'base64') })));
    await file('drawing.png').waitFor();
    await file('receipt.png').waitFor();
    await composer(page).focus();
    await page.keyboard.press('Control+Enter');
    const raw = await sink.waitFor('Here is how it should look.');
    expect(raw).toContain('drawing.png');
    expect(raw).toContain('receipt.png');

    await page.getByRole('button', { name: say('message.open_picture', { name: 'drawing.png' }) }).click();
    const large = page.getByRole('dialog', { name: 'drawing.png' });
    await large.getByRole('img', { name: 'drawing.png' }).waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('dialog', { name: 'receipt.png' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(anna.faults()).toEqual([]);
  });

  test('pictures pasted and dropped stand in the text, in the draft, in the mail and in the thread', async () => {
    const { page } = anna;
    await write(page, 'Compare these two: ');
    await hand(page, 'paste', 'before.png');
    await composer(page).getByRole('img', { name: 'before.png' }).waitFor();
    await hand(page, 'drop', 'after.png');
    await composer(page).getByRole('img', { name: 'after.png' }).waitFor();
    await page.getByText(say('composer.saved')).waitFor();
    await page.evaluate(() => indexedDB.databases().then((all) => Promise.all(all.map(({ name }) => new Promise((done) => {
      const gone = indexedDB.deleteDatabase(name!);
      gone.onsuccess = gone.onerror = gone.onblocked = done;
    })))));
    await page.reload();
    await composer(page).getByRole('img', { name: 'before.png' }).waitFor();
    expect(await composer(page).getByRole('img').evaluateAll((all) => all.map((one) => (one as HTMLImageElement).naturalWidth))).toEqual([160, 160]);
    await expect(file('before.png').count()).resolves.toBe(0);
    await composer(page).focus();
    await page.keyboard.press('Control+Enter');
    const raw = await sink.waitFor('Compare these two');
    expect(raw).toMatch(/Content-Type: multipart\/related/);
    const ids = [...raw.matchAll(/^Content-ID: <(.+)>\r?$/gm)].map((found) => found[1]!);
    expect(ids).toHaveLength(2);
    for (const id of ids) expect(raw.replace(/=\r?\n/g, '')).toContain(`cid:${id}`);
    expect(textOf(raw).split('\n')[0]!.trim()).toMatch(/^Compare these two: (\[before\.png\]|\[after\.png\]){2}$/);

    const frame = message(page, 'Anna Linden').last().frameLocator('iframe');
    await frame.getByText('Compare these two').waitFor();
    await expect.poll(() => frame.getByRole('img').evaluateAll((all) => all.map((one) => (one as HTMLImageElement).naturalWidth))).toEqual([160, 160]);
    expect(anna.faults()).toEqual([]);
  });

  test('a picture chosen by the button says in the mail what it shows', async () => {
    const { page } = anna;
    await write(page, 'The crack is here: ');
    await page.getByRole('button', { name: say('composer.format') }).click();
    await page.getByRole('button', { name: say('composer.picture') }).waitFor();
    await page.locator('input[type=file][accept^="image/png"]').setInputFiles({ name: 'IMG_0042.png', mimeType: 'image/png', buffer: Buffer.from(pixels, 'base64') });
    const shows = page.getByRole('textbox', { name: say('composer.picture_words') });
    await expect.poll(() => shows.evaluate((one) => one === document.activeElement)).toBe(true);
    await page.keyboard.type('A crack along the base');
    await page.keyboard.press('Enter');
    await shows.waitFor({ state: 'detached' });
    await page.keyboard.type(' Is it yours?');
    await composer(page).getByRole('img', { name: 'A crack along the base' }).waitFor();
    await page.keyboard.press('Control+Enter');
    const raw = await sink.waitFor('The crack is here');
    expect(raw.replace(/=\r?\n/g, '')).toContain('alt=3D"A crack along the base"');
    expect(textOf(raw).split('\n')[0]!.trim()).toBe('The crack is here: [A crack along the base] Is it yours?');
    await page.getByRole('button', { name: say('composer.format') }).click();
    expect(anna.faults()).toEqual([]);
  });

  test('a message is saved as the mail it came as', async () => {
    const { page } = anna;
    await message(page, question).getByRole('button', { name: say('message.menu') }).first().click();
    const [saved] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: say('message.raw') }).click()]);
    expect(saved.suggestedFilename()).toMatch(/^message-\d+\.eml$/);
    const raw = await readFile(await saved.path(), 'utf8');
    expect(raw).toContain(`Subject: ${subject}`);
    expect(raw).toContain(question);
    expect(anna.faults()).toEqual([]);
  });

  test('a reply that speaks of a file and has none asks before it goes', async () => {
    const { page } = anna;
    await write(page, 'The return label is attached.');
    await page.keyboard.press('Control+Enter');
    const asks = page.getByText(say('composer.no_file'));
    await asks.waitFor();
    expect(sink.mails.filter((mail) => mail.includes('return label'))).toEqual([]);
    await page.getByRole('button', { name: say('held.send') }).click();
    await sink.waitFor('return label');
    await asks.waitFor({ state: 'detached' });
    expect(anna.faults()).toEqual([]);
  });

  test('somebody who answers in place of the customer gets nothing until the agent ticks them', async () => {
    const { page } = anna;
    await postMail(desk.program.smtpPort, {
      from: 'Joe Doe <joe@elsewhere.example>', to: address, subject: `Re: ${subject}`, text: 'Jane showed me your mail.', headers: { 'In-Reply-To': parent() },
    });
    await message(page, 'Jane showed me your mail.').waitFor();
    // A reply in the next second and a half would be stopped: nobody reads that fast.
    await page.reload();
    await message(page, 'Jane showed me your mail.').waitFor();
    await write(page, 'Good news for both of you.');
    const people = page.getByTitle(/^Change the recipients/);
    await people.getByText(say('composer.more_people', { count: 1 })).waitFor();
    expect(await people.innerText()).not.toContain('Joe');
    await people.click();
    await page.getByRole('checkbox', { name: /joe@elsewhere\.example/ }).check();
    await people.getByText('Joe Doe').waitFor();
    await composer(page).focus();
    await page.keyboard.press('Control+Enter');
    expect(await sink.waitFor('Good news for both of you.')).toMatch(/^Cc: .*joe@elsewhere\.example/im);
    expect(anna.faults()).toEqual([]);
  });

  test('a draft written on two devices loses neither text', async () => {
    const { page } = anna;
    const phone = await desk.person({ viewport: { width: 1024, height: 800 } });
    await desk.signIn(phone);
    await phone.page.goto(page.url());
    await message(phone.page, question).waitFor();
    await phone.page.keyboard.press('r');
    await phone.page.keyboard.type('Written on the train.');
    await phone.page.getByText(say('composer.saved')).waitFor();
    await write(page, 'Written at the desk.');
    const notice = page.getByText(say('composer.other_draft'));
    await notice.waitFor();
    await expect.poll(() => composer(page).innerText()).toContain('Written at the desk.');
    await page.getByRole('button', { name: say('composer.take_other') }).click();
    await composer(page).getByText('Written on the train.').waitFor();
    await notice.waitFor({ state: 'detached' });
    await phone.context.close();
    expect(anna.faults()).toEqual([]);
  });

  test('a draft in two tabs loses neither text', async () => {
    const { page, context } = anna;
    const tab = await context.newPage();
    await tab.goto(page.url());
    await message(tab, question).waitFor();
    await composer(tab).getByText('Written on the train.').waitFor();
    await tab.keyboard.press('r');
    await tab.keyboard.type(' In the second tab.');
    await tab.getByText(say('composer.saved')).waitFor();
    await write(page, ' In the first tab.');
    await page.getByText(say('composer.other_draft')).waitFor();
    await expect.poll(() => composer(page).innerText()).toContain('In the first tab.');
    await page.getByRole('button', { name: say('composer.keep_ours') }).click();
    await page.getByText(say('composer.saved')).waitFor();
    expect(await composer(tab).innerText(), 'what the other tab shows stays there').toContain('In the second tab.');
    await tab.close();
    expect(anna.faults()).toEqual([]);
  });

  test('tables, emoji and plain text are chosen, and what is quoted is seen, edited or left out', async () => {
    const { page } = anna;
    const formats = page.getByRole('button', { name: say('composer.format'), exact: true });
    await composer(page).focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('Sizes :parc');
    await page.getByRole('option', { name: 'parcel box', selected: true }).waitFor();
    await page.keyboard.press('Enter');
    await formats.click();
    await page.getByRole('button', { name: say('composer.table') }).click();
    await page.keyboard.type('Small');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Large');
    await composer(page).locator('th', { hasText: 'Large' }).waitFor();
    await page.keyboard.press('Control+Enter');
    const table = await sink.waitFor('Sizes');
    expect(textOf(table)).toMatch(/Sizes 📦[^]*Small \| Large/);
    expect(table).toContain('text/html');
    expect(textOf(table), 'usually the last mail is quoted').toContain('> Jane showed me');
    await feed(page).locator('iframe').last().contentFrame().getByText('Large').waitFor();

    await write(page, 'In plain words.');
    await page.getByRole('button', { name: say('composer.quote_show') }).click();
    await page.locator('blockquote', { hasText: 'Jane showed me your mail.' }).waitFor();
    await see('quote');
    await page.getByRole('button', { name: say('composer.quote_out') }).click();
    await page.getByText(say('composer.quote_none')).waitFor();
    await page.getByRole('button', { name: say('composer.plain'), exact: true }).click();
    await page.getByText(say('composer.plain_on')).first().waitFor();
    await see('plain');
    await composer(page).focus();
    await page.keyboard.press('Control+Enter');
    const plain = await sink.waitFor('In plain words.');
    expect(plain).not.toContain('text/html');
    expect(textOf(plain)).not.toContain('Jane showed me');

    await write(page, 'And below:');
    await page.getByRole('button', { name: say('composer.quote_show') }).click();
    await page.getByRole('button', { name: say('composer.quote_edit') }).click();
    await expect.poll(() => composer(page).locator('blockquote').innerText()).toContain('Jane showed me your mail.');
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    await page.getByRole('button', { name: say('composer.quote_back') }).click();
    await formats.click();
    expect(anna.faults()).toEqual([]);
  });

  test('a paste of 50 MB is told in words, and one too long for a message goes along as a file', async () => {
    const { page } = anna;
    const paste = (length: number) => composer(page).evaluate((field, letters) => {
      const data = new DataTransfer();
      data.setData('text/plain', 'x'.repeat(letters));
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    }, length);
    const before = await composer(page).innerText();
    await paste(50_000_000);
    await page.getByRole('alert').filter({ hasText: say('composer.too_large') }).waitFor();
    await file(`${say('composer.pasted')}.txt`).click();
    await paste(300_000);
    await page.getByRole('listitem').filter({ hasText: '300' }).filter({ hasText: say('composer.pasted') }).waitFor();
    await file(`${say('composer.pasted')}.txt`).click();
    expect(await composer(page).innerText(), 'nothing of it is in the text').toBe(before);
    expect(anna.faults()).toEqual([]);
  });

  test('a laptop closed within the time to undo sends all the same', async () => {
    const lid = await desk.person();
    await desk.signIn(lid);
    await desk.api(lid, 'PATCH', '/me', { undo_seconds: 3 });
    await lid.page.goto(anna.page.url());
    await message(lid.page, question).waitFor();
    await composer(lid.page).focus();
    await lid.page.keyboard.press('Control+a');
    await lid.page.keyboard.type('Sent, and the lid closed.');
    await lid.page.keyboard.press('Control+Enter');
    await message(lid.page, 'Sent, and the lid closed.').getByRole('button', { name: say('ui.undo') }).waitFor();
    await lid.context.close();
    expect(await sink.waitFor('Sent, and the lid closed.')).toContain(address);
    await desk.api(anna, 'PATCH', '/me', { undo_seconds: 0 });
  });

  test('a thread longer than a page shows what came before when asked', async () => {
    const { page } = anna;
    for (let n = 1; n <= 60; n++) {
      await postMail(desk.program.smtpPort, { from: jane, to: address, subject: `Re: ${subject}`, text: `Thought number ${n} of mine.`, headers: { 'In-Reply-To': parent() } });
    }
    await page.reload();
    await message(page, 'Thought number 60 of mine.').waitFor();
    const earlier = page.getByRole('button', { name: say('thread.older') });
    await earlier.click();
    await earlier.waitFor({ state: 'detached' });
    await message(page, question).waitFor();
    await message(page, 'Thought number 1 of mine.').waitFor();
    expect(anna.faults()).toEqual([]);
  });

  test('a message is read in my language and answered in the customer’s, with a way back', async () => {
    const { page } = anna;
    const asks = 'Merhaba, siparişim hâlâ gelmedi. Kargom nerede, ne zaman gelir?';
    const wanted = 'Hello, my order has still not come. Where is my parcel, when does it come?';
    const translator = await openTranslator('tr', { en: { [asks]: wanted }, tr: { 'It is on its way.': 'Kargonuz yolda.' } });
    try {
      await postMail(desk.program.smtpPort, { from: 'Elif Kaya <elif@customer.example>', to: address, subject: 'Kargom', text: asks });
      await open(page, 'Kargom', asks);
      const menu = message(page, asks).getByRole('button', { name: say('message.menu') });
      await menu.click();
      await page.getByRole('menuitem', { name: say('message.raw') }).waitFor();
      await expect(page.getByRole('menuitem', { name: say('translation.translate') }).count()).resolves.toBe(0);
      await page.keyboard.press('Escape');

      await page.goto('/settings/translation');
      await page.getByRole('switch', { name: say('translation.enabled') }).check();
      await page.getByLabel(say('translation.address')).fill(translator.url);
      await page.getByRole('button', { name: say('translation.test') }).click();
      await page.getByText(say('translation.test_ok', { count: 2, names: 'en, tr' })).waitFor();
      await page.getByRole('button', { name: say('ui.save') }).click();
      await page.getByRole('region', { name: say('ui.unsaved') }).waitFor({ state: 'detached' });

      await page.goto('/inbox/open');
      await open(page, 'Kargom', asks);
      await menu.click();
      await page.getByRole('menuitem', { name: say('translation.translate') }).click();
      await message(page, asks).getByText(wanted).waitFor();
      await message(page, asks).getByText(say('translation.from', { language: 'Turkish' })).waitFor();
      await message(page, asks).getByRole('button', { name: say('translation.back') }).click();
      await page.getByText(wanted).waitFor({ state: 'detached' });

      await write(page, 'It is on its way.');
      await page.getByRole('button', { name: say('translation.into', { language: 'Turkish' }) }).click();
      await composer(page).getByText('Kargonuz yolda.').waitFor();
      await page.getByRole('button', { name: say('ui.undo') }).click();
      await composer(page).getByText('It is on its way.').waitFor();
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: say('palette.label') }).fill(say('translation.into', { language: 'Turkish' }));
      await page.getByRole('option', { name: say('translation.into', { language: 'Turkish' }), exact: true }).waitFor();
      await page.keyboard.press('Enter');
      await composer(page).getByText('Kargonuz yolda.').waitFor();
      await page.keyboard.press('Control+Enter');
      await sink.waitFor('Kargonuz yolda.');
      expect(anna.faults()).toEqual([]);
    } finally {
      await translator.close();
    }
  });

  test('rows can be compact and the list as wide as its reader likes, also tomorrow', async () => {
    const { page } = anna;
    const tall = (await row(page, subject).boundingBox())!.height;
    await page.getByRole('button', { name: say('list.options') }).click();
    await page.getByText(say('list.compact')).click();
    await expect.poll(async () => (await row(page, subject).boundingBox())!.height).toBeLessThan(tall);

    const edge = page.getByRole('separator', { name: say('list.width') });
    const before = Number(await edge.getAttribute('aria-valuenow'));
    const box = (await edge.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + 200);
    await page.mouse.down();
    await page.mouse.move(box.x + 60, box.y + 200, { steps: 5 });
    await page.mouse.up();
    await expect.poll(async () => Number(await edge.getAttribute('aria-valuenow'))).toBeGreaterThan(before + 30);
    const wide = await edge.getAttribute('aria-valuenow');
    await page.reload();
    await row(page, subject).waitFor();
    expect(await edge.getAttribute('aria-valuenow')).toBe(wide);
    expect((await row(page, subject).boundingBox())!.height).toBeLessThan(tall);
    expect(anna.faults()).toEqual([]);
  });
});

// Hands a file to the field as the system does when somebody drops or pastes it.
async function hand(page: Page, how: 'drop' | 'paste', name: string, type = 'image/png'): Promise<void> {
  await page.locator('[contenteditable=true]').first().waitFor(); // what is dropped on the plain field must not be lost under way
  await composer(page).evaluate(async (field, { how, name, type }) => {
    const data = new DataTransfer();
    const canvas = new OffscreenCanvas(160, 90);
    const brush = canvas.getContext('2d')!;
    brush.fillStyle = name.startsWith('before') ? '#c98a4b' : '#4b7fc9';
    brush.fillRect(0, 0, 160, 90);
    data.items.add(new File([await canvas.convertToBlob()], name, { type }));
    const { left, bottom } = (field.lastElementChild ?? field).getBoundingClientRect();
    const fields = { bubbles: true, cancelable: true, clientX: left + 400, clientY: bottom - 4 };
    if (how === 'drop') {
      field.dispatchEvent(new DragEvent('dragover', { ...fields, dataTransfer: data }));
      field.dispatchEvent(new DragEvent('drop', { ...fields, dataTransfer: data }));
    } else {
      field.dispatchEvent(new ClipboardEvent('paste', { ...fields, clipboardData: data }));
    }
  }, { how, name, type });
}

