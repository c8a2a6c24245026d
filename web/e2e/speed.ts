// How fast the console answers its keys, in the real program: npm run speed -- [--json] [--rows=N] [part...]. Nothing else should run.
import type { CDPSession, Page } from 'playwright-core';
import type { Person } from './support/browser.ts';
import { Desk } from './support/desk.ts';
import { carryStopwatch, longTasks, pressMany, time, timeRow } from './support/stopwatch.ts';

const words = process.argv.slice(2);
const json = words.includes('--json');
const rows = Number(/--rows=(\d+)/.exec(words.join(' '))?.[1] ?? 10_000);
const parts = words.filter((word) => !word.startsWith('--'));
// Some three in four of the invented conversations are closed; the list of those is shown.
const seeded = Math.ceil(rows / 0.7);

interface Figure {
  name: string;
  /** How many times slower than this machine the browser's processor is. */
  slower: number;
  count: number;
  p50: number;
  p75: number;
  p98: number;
  /** Tasks over 50 ms meanwhile, and the longest of them. */
  long: number;
  longest: number;
  wanted: string;
}

interface Here {
  desk: Desk;
  anna: Person;
  page: Page;
  devtools: CDPSession;
  /** A conversation with a draft of 2,000 words, and one with 500 messages. */
  drafted: number;
  lengthy: number;
}

interface Part {
  name: string;
  title: string;
  wanted: string;
  /** How often; a slow browser is asked half as often. */
  times: number;
  run: (here: Here, times: number) => Promise<number[]>;
}

const list = (page: Page) => page.getByRole('listbox', { name: 'Conversations' });
const draftWords = 2000;
const messages = 500;

async function repeat(times: number, one: (turn: number) => Promise<number>): Promise<number[]> {
  const taken: number[] = [];
  for (let turn = 0; turn < times; turn++) taken.push(await one(turn));
  return taken;
}

const scrollTo = (page: Page, part: number) => list(page).evaluate((box, to) => box.scrollTo({ top: box.scrollHeight * to }), part);

// The open conversation is the first row, so that what follows starts there.
async function openFirst(page: Page): Promise<void> {
  await scrollTo(page, 0);
  await list(page).getByRole('option').first().click();
  await page.waitForTimeout(500);
}

const everyOther = ['j', 'j', 'j', 'k', 'j', 'j'];
const steps = (count: number) => Array.from({ length: count }, (_none, at) => everyOther[at % everyOther.length]!);

const all: Part[] = [
  {
    name: 'key', title: 'key to paint, a step each 120 ms', wanted: 'p75 50', times: 120,
    run: async ({ page }, times) => {
      await openFirst(page);
      return pressMany(page, 'mark', steps(times), 120);
    },
  },
  {
    name: 'held', title: 'key to paint, key held down', wanted: 'p75 50, no long task', times: 240,
    run: async ({ page }, times) => {
      await openFirst(page);
      return pressMany(page, 'mark', Array.from({ length: times }, () => 'j'), 33);
    },
  },
  {
    name: 'warm', title: 'a prefetched conversation, from the key', wanted: '50', times: 40,
    run: async ({ page }, times) => {
      await openFirst(page);
      return repeat(times, async () => {
        await page.waitForTimeout(350);
        return time(page, 'thread', 'keydown', () => page.keyboard.press('j'));
      });
    },
  },
  {
    name: 'cold', title: 'a cold conversation, from the click', wanted: '200', times: 30,
    run: async ({ page }, times) => {
      const box = (await list(page).boundingBox())!;
      return repeat(times, async (turn) => {
        // Another place each time, also the second time round.
        await scrollTo(page, (turn + (times > 20 ? 1 : 1.5)) / (times + 2));
        await page.waitForTimeout(300);
        return time(page, 'thread', 'click', () => page.mouse.click(box.x + box.width / 2, box.y + box.height / 2));
      });
    },
  },
  {
    name: 'editor', title: 'the editor, from R', wanted: '150', times: 24,
    run: async ({ page }, times) => {
      await openFirst(page);
      return repeat(times, async () => {
        await page.keyboard.press('j');
        await page.waitForTimeout(450);
        const taken = await time(page, 'editor', 'keydown', () => page.keyboard.press('r'));
        await page.keyboard.press('Escape');
        return taken;
      });
    },
  },
  {
    name: 'event', title: 'a changed row, from the frame of the socket', wanted: '', times: 16,
    run: async ({ desk, anna, page }, times) => {
      await openFirst(page);
      const shown = await list(page).getByRole('option').evaluateAll((options) => options.map((option) => Number(option.id.slice('row-'.length))));
      return repeat(times, async (turn) => {
        await page.waitForTimeout(400);
        const id = shown[4 + (turn % 6)]!;
        const priority = (await desk.api<{ priority: string }>(anna, 'GET', `/conversations/${id}`)).priority === 'urgent' ? 'normal' : 'urgent';
        return timeRow(page, id, () => desk.api(anna, 'PATCH', `/conversations/${id}`, { priority }));
      });
    },
  },
  {
    name: 'draft', title: `a letter typed into a draft of ${draftWords.toLocaleString('en')} words`, wanted: 'p75 50', times: 80,
    run: async ({ page, drafted }, times) => {
      await openRow(page, drafted);
      await page.locator('[role=textbox][contenteditable=true]').filter({ hasText: 'word' }).waitFor();
      return typing(page, times);
    },
  },
  {
    name: 'lengthy', title: `a letter typed below ${messages} messages`, wanted: 'p75 50', times: 80,
    run: async ({ page, lengthy }, times) => {
      await openRow(page, lengthy);
      const older = page.getByRole('button', { name: 'Earlier messages' });
      for (let pages = 0; pages < messages / 10 && (await older.count()); pages++) {
        const before = await page.getByRole('article').count();
        await older.click();
        await page.waitForFunction((count) => document.querySelectorAll('[role=feed] article').length > count, before);
      }
      const shown = await page.locator('[role=feed] article').count();
      if (shown < messages) throw new Error(`only ${shown} of ${messages} messages are shown`);
      return typing(page, times);
    },
  },
];

async function openRow(page: Page, conversation: number): Promise<void> {
  await scrollTo(page, 0);
  await page.locator(`#row-${conversation}`).click();
  await page.waitForURL(`**/${conversation}`);
  await page.locator('[role=feed] article').first().waitFor();
  await page.waitForTimeout(500);
}

async function typing(page: Page, times: number): Promise<number[]> {
  await page.keyboard.press('r');
  await page.locator('[role=textbox][contenteditable=true]:focus').waitFor();
  const taken = await pressMany(page, 'text', Array.from({ length: times }, (_none, at) => 'letters and spaces '[at % 19]!), 60);
  await page.waitForTimeout(1500);
  await page.keyboard.press('Escape');
  return taken;
}

// The two stand at the top of the list: what happened to them is the newest.
async function prepare(desk: Desk, anna: Person): Promise<{ drafted: number; lengthy: number }> {
  const { items } = await desk.api<{ items: { id: number }[] }>(anna, 'GET', '/conversations?view=closed&limit=2');
  const [drafted, lengthy] = items.map((item) => item.id) as [number, number];
  const sentence = (count: number) => Array.from({ length: count }, (_none, at) => (at % 9 === 8 ? 'word.' : 'word')).join(' ');
  const paragraphs = Array.from({ length: draftWords / 80 }, () => sentence(80));
  await desk.api(anna, 'PUT', `/conversations/${drafted}/draft`, {
    kind: 'reply', text: paragraphs.join('\n'), html: paragraphs.map((one) => `<p>${one}</p>`).join(''), to: [], cc: [], bcc: [], attachment_ids: [], version: 0,
  });
  for (let done = 0; done < messages; done += 10) {
    await Promise.all(Array.from({ length: 10 }, (_none, at) => desk.api(anna, 'POST', `/conversations/${lengthy}/notes`, { text: `${done + at + 1}. ${sentence(30)}` })));
  }
  return { drafted, lengthy };
}

async function openList({ page }: Person): Promise<void> {
  await page.goto('/inbox/closed');
  await list(page).getByRole('option').first().waitFor();
}

async function loadAll({ page }: Person): Promise<number> {
  const loaded = () => list(page).evaluate((box) => box.querySelector<HTMLElement>('[role=presentation]')!.clientHeight / box.querySelector<HTMLElement>('[role=option]')!.offsetHeight);
  let there = await loaded();
  for (let still = 0; there < rows && still < 100;) {
    await scrollTo(page, 1);
    await page.waitForTimeout(25);
    const now = await loaded();
    still = now === there ? still + 1 : 0;
    there = now;
  }
  if (there < rows) throw new Error(`only ${there} of ${rows} rows came`);
  await scrollTo(page, 0);
  return Math.round(there);
}

// Megabytes of the page's own objects after the rubbish has gone.
async function memory(devtools: CDPSession): Promise<number> {
  await devtools.send('HeapProfiler.collectGarbage');
  const { usedSize } = await devtools.send('Runtime.getHeapUsage');
  return usedSize / 1e6;
}

async function measure(here: Here, part: Part, slower: number): Promise<Figure> {
  await here.devtools.send('Emulation.setCPUThrottlingRate', { rate: slower });
  await longTasks(here.page);
  const taken = await part.run(here, slower > 1 ? Math.ceil(part.times / 2) : part.times);
  const { count, most } = await longTasks(here.page);
  const unseen = taken.filter((one) => !Number.isFinite(one)).length;
  if (unseen) console.error(`${part.title}: ${unseen} of ${taken.length} frames did not show it`);
  const sorted = taken.filter(Number.isFinite).sort((a, b) => a - b);
  const at = (share: number) => Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN) * 10) / 10;
  return { name: part.title, slower, count: sorted.length, p50: at(0.5), p75: at(0.75), p98: at(0.98), long: count, longest: most, wanted: part.wanted };
}

function print(there: number, megabytes: { first: number; all: number }, figures: Figure[]): void {
  if (json) return console.log(JSON.stringify({ rows: there, megabytes, figures }, undefined, 2));
  console.log(`${there.toLocaleString('en')} rows. The page's memory: ${megabytes.first.toFixed(1)} MB with the first page of them, ${megabytes.all.toFixed(1)} MB with all.\n`);
  const width = Math.max(...figures.map(({ name }) => name.length));
  const line = (cells: (string | number)[]) => console.log(cells.map((cell, at) => (at ? String(cell).padStart(8) : String(cell).padEnd(width))).join(' '));
  line(['ms', 'CPU', 'count', 'p50', 'p75', 'p98', '> 50 ms', 'longest', '  wanted']);
  for (const one of figures) line([one.name, one.slower > 1 ? `1/${one.slower}` : '1', one.count, one.p50.toFixed(1), one.p75.toFixed(1), one.p98.toFixed(1), one.long, one.longest, `  ${one.wanted}`]);
}

const desk = await Desk.open({}, seeded);
try {
  const anna = await desk.person({ viewport: { width: 1440, height: 900 } });
  const { page } = anna;
  await carryStopwatch(page);
  await desk.setUpQuietly(anna);
  const conversations = await prepare(desk, anna);
  await openList(anna);
  const devtools = await anna.context.newCDPSession(page);
  const first = await memory(devtools);
  const there = await loadAll(anna);
  const megabytes = { first, all: await memory(devtools) };
  const here = { desk, anna, page, devtools, ...conversations };
  const figures: Figure[] = [];
  for (const part of all.filter(({ name }) => !parts.length || parts.includes(name))) {
    for (const slower of [1, 4]) figures.push(await measure(here, part, slower));
  }
  for (const fault of anna.faults()) console.error(fault);
  print(there, megabytes, figures);
} finally {
  await desk.close();
}
