import type { Page } from 'playwright-core';

/** What has to be seen after a key or click: the mark on another row, another conversation's messages, the caret in the field. */
export type Sight = 'mark' | 'thread' | 'editor' | 'text';

export interface LongTasks {
  count: number;
  /** The longest of them, in ms. */
  most: number;
}

interface Stopwatch {
  arm: (sight: Sight, event: 'keydown' | 'click') => void;
  taken: () => Promise<number>;
  follow: (sight: Sight) => void;
  followed: () => number[];
  watchRow: (conversation: number) => void;
  tasks: () => number[];
}

declare global {
  interface Window {
    deskbellStopwatch: Stopwatch;
  }
}

// Runs in the page, before its own scripts. A time ends with the first task after the frame that shows what was waited for.
function install() {
  const patience = 10_000;
  const { scheduler } = window as unknown as { scheduler: { postTask: (run: () => void, how: { priority: string }) => unknown } };
  const frame = () => new Promise<void>((resolve) => requestAnimationFrame(() => resolve()));
  // Asked while a frame is made: the task after it, before what the page itself wants to do then.
  const afterFrame = () => new Promise<number>((resolve) => {
    scheduler.postTask(() => resolve(performance.now()), { priority: 'user-blocking' });
  });
  const painted = () => frame().then(afterFrame);
  const listbox = () => document.querySelector('[role=listbox]');
  const field = () => document.querySelector<HTMLElement>('[role=textbox][contenteditable=true]');
  // React gives the next conversation new elements, but only the ids of messages say so whatever it does.
  const looks: Record<Sight, () => unknown> = {
    mark: () => listbox()?.getAttribute('aria-activedescendant'),
    thread: () => document.querySelector('[role=feed] article[id]')?.id,
    editor: () => (document.activeElement?.matches('[contenteditable=true]') ? 'ready' : undefined),
    text: () => field()?.textContent?.length,
  };
  const changed = (sight: Sight) => {
    const before = looks[sight]();
    return () => {
      const now = looks[sight]();
      return now !== undefined && now !== before;
    };
  };
  const until = async (shows: () => boolean, begin: number, what: string) => {
    do {
      if (performance.now() - begin > patience) throw new Error(`waited ${patience} ms for ${what} at ${location.pathname}`);
      await frame();
    } while (!shows());
    const end = await afterFrame();
    performance.measure(what, { start: begin, end });
    return end - begin;
  };

  let taken: Promise<number> | undefined;
  let stopFollowing: (() => void) | undefined;
  let followed: number[] = [];
  const frames: { conversation: number; at: number }[] = [];
  const tasks: number[] = [];
  new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => Math.round(duration)))).observe({ type: 'longtask' });
  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(...given: ConstructorParameters<typeof Native>) {
      super(...given);
      this.addEventListener('message', ({ data }) => {
        const told = JSON.parse(String(data)) as { id?: string; data?: { conversation_id?: number } };
        if (told.id && told.data?.conversation_id) frames.push({ conversation: told.data.conversation_id, at: performance.now() });
      });
    }
  };

  window.deskbellStopwatch = {
    // The caller waits for this before the key is pressed: else the key may come first.
    arm: (sight, event) => {
      taken = new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`no ${event} came in ${patience} ms`)), patience);
        window.addEventListener(event, ({ timeStamp }) => {
          clearTimeout(late);
          until(changed(sight), timeStamp, sight).then(resolve, reject);
        }, { capture: true, once: true });
      });
      taken.catch(() => undefined);
    },
    taken: () => taken!,
    follow: (sight) => {
      stopFollowing?.();
      followed = [];
      const key = ({ timeStamp }: KeyboardEvent) => {
        const shows = changed(sight);
        void painted().then((at) => followed.push(shows() ? at - timeStamp : Number.NaN));
      };
      window.addEventListener('keydown', key, { capture: true });
      stopFollowing = () => window.removeEventListener('keydown', key, { capture: true });
    },
    followed: () => {
      stopFollowing?.();
      return followed;
    },
    watchRow: (conversation) => {
      const html = () => document.getElementById(`row-${conversation}`)?.innerHTML;
      const before = html();
      if (before === undefined) throw new Error(`conversation ${conversation} has no row on screen`);
      const from = frames.length;
      const called = performance.now();
      const told = () => frames.slice(from).find((one) => one.conversation === conversation);
      const wait = async () => {
        await until(() => html() !== before, called, `a changed row of conversation ${conversation} (${frames.length - from} frames came)`);
        return performance.now() - (told()?.at ?? Number.NaN);
      };
      taken = wait();
      taken.catch(() => undefined);
    },
    tasks: () => tasks.splice(0),
  };
}

/** Puts the stopwatch into every page that is opened from now on. */
export const carryStopwatch = (page: Page) => page.addInitScript(install);

/** How long it takes from a key or click until something is seen. Ends with an error after ten seconds. */
export async function time(page: Page, sight: Sight, event: 'keydown' | 'click', act: () => Promise<void>): Promise<number> {
  await page.evaluate(([what, when]) => window.deskbellStopwatch.arm(what, when), [sight, event] as const);
  await act();
  return page.evaluate(() => window.deskbellStopwatch.taken());
}

/** How long it takes from the frame of the socket until the row of a conversation has changed. */
export async function timeRow(page: Page, conversation: number, act: () => Promise<unknown>): Promise<number> {
  await page.evaluate((id) => window.deskbellStopwatch.watchRow(id), conversation);
  await act();
  return page.evaluate(() => window.deskbellStopwatch.taken());
}

/** Presses a key again and again, each time without waiting for the last. A time that is no number: its frame did not show it. */
export async function pressMany(page: Page, sight: Sight, keys: readonly string[], pause: number): Promise<number[]> {
  await page.evaluate((what) => window.deskbellStopwatch.follow(what), sight);
  for (const key of keys) {
    await page.keyboard.press(key);
    await page.waitForTimeout(pause);
  }
  await page.waitForTimeout(200);
  return page.evaluate(() => window.deskbellStopwatch.followed());
}

/** Tasks over 50 ms since the last call. */
export async function longTasks(page: Page): Promise<LongTasks> {
  const all = await page.evaluate(() => window.deskbellStopwatch.tasks());
  return { count: all.length, most: Math.max(0, ...all) };
}
