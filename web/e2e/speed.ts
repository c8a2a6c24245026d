// How fast the console answers its keys, in the real program: npm run speed -- [rows] [--json]. Nothing else should run.
import type { Page } from 'playwright-core';
import type { Person } from './support/browser.ts';
import { Desk } from './support/desk.ts';

const list = (page: Page) => page.getByRole('listbox', { name: 'Conversations' });

const rows = Number(process.argv.find((word) => /^\d+$/.test(word)) ?? 10_000);
const json = process.argv.includes('--json');
// Four in five of the invented conversations are closed; the list of those is shown.
const seeded = Math.ceil(rows / 0.7);

interface Figure {
  name: string;
  count: number;
  p50: number;
  p75: number;
  p98: number;
  wanted: string;
}

// Runs in the page. From the time stamp of the key to the first task after the frame in which it shows.
function prepare() {
  const painted = () => new Promise<number>((resolve) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => resolve(performance.now());
    channel.port2.postMessage(0);
  }));
  const until = async (shows: () => boolean, begin: number) => {
    while (!shows()) {
      if (performance.now() - begin > 10_000) return Number.NaN;
      await new Promise(requestAnimationFrame);
    }
    return (await painted()) - begin;
  };
  const firstMessage = () => document.querySelector('[role=feed] article');
  const ways = {
    paint: () => () => true,
    thread: () => {
      const before = firstMessage();
      return () => firstMessage() !== null && firstMessage() !== before;
    },
    editor: () => () => document.activeElement?.getAttribute('contenteditable') === 'true' || document.activeElement?.tagName === 'TEXTAREA',
  };
  const measured: number[] = [];
  Object.assign(window, {
    deskbellSpeed: {
      next: (way: keyof typeof ways, event: 'keydown' | 'click') => new Promise<number>((resolve) => {
        window.addEventListener(event, ({ timeStamp }) => {
          const shows = ways[way]();
          void until(shows, timeStamp).then(resolve);
        }, { capture: true, once: true });
      }),
      many: () => window.addEventListener('keydown', ({ timeStamp }) => void painted().then((at) => measured.push(at - timeStamp)), { capture: true }),
      measured,
    },
  });
}

type Measured = { deskbellSpeed: { next: (way: string, event: string) => Promise<number>; many: () => void; measured: number[] } };

async function one(page: Page, way: 'thread' | 'editor', event: 'keydown' | 'click', act: () => Promise<void>): Promise<number> {
  const time = page.evaluate(([what, when]) => (window as unknown as Measured).deskbellSpeed.next(what!, when!), [way, event]);
  await act();
  return time;
}

async function openList({ page }: Person): Promise<number> {
  await page.goto('/inbox/closed');
  await list(page).getByRole('option').first().waitFor();
  const loaded = () => list(page).evaluate((box) => box.querySelector<HTMLElement>('[role=presentation]')!.clientHeight / box.querySelector<HTMLElement>('[role=option]')!.offsetHeight);
  for (let still = 0, before = 0; before < rows && still < 100;) {
    await list(page).evaluate((box) => box.scrollTo({ top: box.scrollHeight }));
    await page.waitForTimeout(30);
    const now = await loaded();
    still = now === before ? still + 1 : 0;
    before = now;
  }
  const there = await loaded();
  await list(page).evaluate((box) => box.scrollTo({ top: 0 }));
  await page.evaluate(prepare);
  return Math.round(there);
}

// A person goes down the list, reading nothing; then holds the key.
async function keys(page: Page, pause: number, count: number): Promise<number[]> {
  await page.evaluate(() => (window as unknown as Measured).deskbellSpeed.measured.splice(0));
  for (let n = 0; n < count; n++) {
    await page.keyboard.press('j');
    await page.waitForTimeout(pause);
  }
  return page.evaluate(() => [...(window as unknown as Measured).deskbellSpeed.measured]);
}

function figure(name: string, wanted: string, all: number[]): Figure {
  const sorted = all.filter(Number.isFinite).sort((a, b) => a - b);
  const at = (part: number) => Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN) * 10) / 10;
  return { name, count: sorted.length, p50: at(0.5), p75: at(0.75), p98: at(0.98), wanted };
}

const desk = await Desk.open({}, seeded);
try {
  const anna = await desk.person({ viewport: { width: 1440, height: 900 } });
  await desk.setUpQuietly(anna);
  const there = await openList(anna);
  const { page } = anna;
  const figures: Figure[] = [];

  const warm: number[] = [];
  await page.keyboard.press('j');
  for (let n = 0; n < 60; n++) {
    await page.waitForTimeout(400);
    warm.push(await one(page, 'thread', 'keydown', () => page.keyboard.press('j')));
  }
  const cold: number[] = [];
  for (let n = 1; n <= 40; n++) {
    await list(page).evaluate((box, part) => box.scrollTo({ top: box.scrollHeight * part }), n / 41);
    await page.waitForTimeout(300);
    cold.push(await one(page, 'thread', 'click', () => list(page).getByRole('option').nth(9).click()));
  }
  const editor: number[] = [];
  for (let n = 0; n < 30; n++) {
    await page.keyboard.press('j');
    await page.waitForTimeout(500);
    editor.push(await one(page, 'editor', 'keydown', () => page.keyboard.press('r')));
    await page.keyboard.press('Escape');
  }
  await page.evaluate(() => (window as unknown as Measured).deskbellSpeed.many());
  figures.push(
    figure(`key to paint, ${there.toLocaleString('en')} rows`, 'p75 50', await keys(page, 120, 200)),
    figure('key to paint, key held down', 'p75 50', await keys(page, 33, 300)),
    figure('a prefetched conversation, from the key', '50', warm),
    figure('a cold conversation, from the click', '200', cold),
    figure('the editor, from R', '150', editor),
  );
  for (const fault of anna.faults()) console.log(fault);
  if (json) console.log(JSON.stringify(figures, undefined, 2));
  else console.table(Object.fromEntries(figures.map(({ name, ...rest }) => [name, rest])));
} finally {
  await desk.close();
}
