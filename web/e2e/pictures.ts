// The pictures of the documentation, from the demo shop: npm run pictures -- [folder].
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { openBrowser } from './support/browser.ts';
import { settled } from './support/page.ts';
import { freePort } from './support/program.ts';

const folder = process.argv[2] ?? fileURLToPath(new URL('../../docs/images', import.meta.url));
const binary = process.env.DESKBELL_BIN ?? fileURLToPath(new URL('../../bin/deskbell', import.meta.url));

interface Demo {
  url: string;
  email: string;
  password: string;
  stop: () => void;
}

/** Starts the demo and reads its sign-in from what it prints. */
async function startDemo(): Promise<Demo> {
  const [port, smtp] = [await freePort(), await freePort()];
  const child = spawn(binary, ['demo', '--addr', `127.0.0.1:${port}`, '--smtp-addr', `127.0.0.1:${smtp}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  let email = '';
  for await (const line of createInterface({ input: child.stdout })) {
    const [, what, word] = /^\s+(Sign in|Password)\s+(\S+)/.exec(line) ?? [];
    if (what === 'Sign in') email = word!;
    if (what === 'Password') {
      child.stdout.resume();
      return { url: `http://127.0.0.1:${port}`, email, password: word!, stop: () => child.kill('SIGTERM') };
    }
  }
  throw new Error('The demo ended at its start.');
}

interface Item {
  id: number;
  text: string;
}

/** An open conversation of theirs in which much was said in English. */
async function talkative(page: Page): Promise<number> {
  const get = async <T>(path: string) => (await (await page.request.get(`/api/v1${path}`)).json()) as { items: T[] };
  let [best, most] = [0, 0];
  for (const { id } of (await get<Item>('/conversations?view=mine&limit=20')).items) {
    const { items } = await get<Item>(`/conversations/${id}/messages`);
    const much = items.length < 8 && items.some(({ text }) => / the /.test(text)) ? items.length : 0;
    if (much > most) [best, most] = [id, much];
  }
  return best;
}

interface Picture {
  name: string;
  path: string;
  look?: BrowserContextOptions;
  act?: (page: Page) => Promise<void>;
}

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

const pictures = (conversation: number): Picture[] => [
  { name: 'inbox-light', path: `/inbox/mine/${conversation}` },
  { name: 'inbox-dark', path: `/inbox/mine/${conversation}`, look: { colorScheme: 'dark' } },
  { name: 'inbox-ja', path: `/inbox/mine/${conversation}?locale=ja`, look: { locale: 'ja' } },
  {
    name: 'saved-reply', path: `/inbox/mine/${conversation}`, act: async (page) => {
      await page.keyboard.press('r');
      await page.locator('[contenteditable=true]').first().waitFor();
      await page.keyboard.press('Control+j');
      await page.getByRole('option', { name: 'Apology' }).waitFor();
      await page.keyboard.type('delay');
      await page.getByRole('option', { name: 'Your order is delayed' }).waitFor();
    },
  },
  { name: 'search', path: '/search?q=parcel', act: (page) => page.locator('mark').first().waitFor() },
  {
    name: 'table', path: '/inbox/open', look: { colorScheme: 'dark' }, act: async (page) => {
      await page.keyboard.press('Shift+L');
      await page.getByRole('columnheader').first().waitFor();
    },
  },
  { name: 'settings-inbox', path: '/settings/inboxes/1' },
  { name: 'phone', path: `/inbox/mine/${conversation}`, look: phone },
];

const demo = await startDemo();
const { person, close } = await openBrowser(demo.url);
try {
  const owner = await person();
  await owner.page.goto('/sign-in');
  await owner.page.getByLabel('Email address').fill(demo.email);
  await owner.page.getByLabel('Password', { exact: true }).fill(demo.password);
  await owner.page.getByRole('button', { name: 'Sign in' }).click();
  await owner.page.waitForURL((url) => url.pathname !== '/sign-in');
  const storageState = await owner.context.storageState();
  for (const { name, path, look, act } of pictures(await talkative(owner.page))) {
    const { page, context, faults } = await person({ viewport: { width: 1440, height: 900 }, storageState, ...look });
    await page.goto(path);
    await settled(page);
    await act?.(page);
    // What the panel asks for comes by itself.
    await page.waitForLoadState('networkidle');
    await settled(page);
    await page.screenshot({ path: join(folder, `${name}.png`) });
    for (const fault of faults()) console.log(`${name}: ${fault}`);
    await context.close();
  }
} finally {
  await close();
  demo.stop();
}
console.log(folder);
