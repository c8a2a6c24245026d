import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';

const flags = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--font-render-hinting=none',
];

/** A browser whose pages note what went wrong in them. */
export interface Watched {
  browser: Browser;
  /** Somebody with cookies of their own. Their browser has no service worker, which hides requests from `page.route`, unless it is allowed. */
  person: (options?: BrowserContextOptions) => Promise<Person>;
  close: () => Promise<void>;
}

export interface Person {
  context: BrowserContext;
  page: Page;
  /** Errors of the console and of scripts since the last call. */
  faults: () => string[];
}

export async function openBrowser(baseURL: string): Promise<Watched> {
  const downloads = await mkdtemp(join(tmpdir(), 'deskbell-chromium-'));
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags, headless: true, downloadsPath: downloads,
  });
  return {
    browser,
    person: async (options = {}) => {
      const context = await browser.newContext({ baseURL, locale: 'en-GB', viewport: { width: 1280, height: 860 }, serviceWorkers: 'block', ...options });
      context.setDefaultTimeout(15_000);
      const noted: string[] = [];
      context.on('page', (page) => watch(page, noted));
      const page = await context.newPage();
      return { context, page, faults: () => noted.splice(0) };
    },
    close: async () => {
      await browser.close();
      await rm(downloads, { recursive: true, force: true });
    },
  };
}

// The browser itself notes every answer of 400 and above; those are for the journey to judge.
const refused = /Failed to load resource: the server responded with a status of (4\d\d)/;

function watch(page: Page, noted: string[]): void {
  page.on('pageerror', (error) => noted.push(`${page.url()}: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !refused.test(message.text())) noted.push(`${page.url()}: ${message.text()}`);
  });
}
