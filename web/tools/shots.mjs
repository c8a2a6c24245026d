// Pictures of the console, for the eye: node tools/shots.mjs [address of the dev server] [folder].
// Run `npm run dev:mock` beside it. Needs Debian's chromium and fonts-noto-cjk.
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const base = process.argv[2] ?? 'http://localhost:5173';
const folder = process.argv[3] ?? join(tmpdir(), 'deskbell-shots');
mkdirSync(folder, { recursive: true });

const flags = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

// name, path, options: scene of the mock, keys to press, size, locale, dir
const pictures = [
  ['inbox', '/inbox/mine'],
  ['inbox-thread', '/inbox/mine/1'],
  ['inbox-collapsed', '/inbox/mine', { press: ['['] }],
  ['palette', '/inbox/mine', { press: ['Control+k'], type: 'go' }],
  ['shortcuts', '/inbox/mine', { press: ['?'] }],
  ['loading', '/inbox/mine', { scene: 'slow', wait: 7000 }],
  ['settings', '/settings/inboxes'],
  ['not-found', '/nowhere'],
  ['sign-in', '/sign-in', { scene: 'signed-out' }],
  ['uk', '/inbox/open', { locale: 'uk' }],
  ['ja', '/inbox/open', { locale: 'ja' }],
  ['pseudo', '/inbox/mine', { locale: 'en-XA' }],
  ['rtl', '/inbox/mine', { dir: 'rtl' }],
  ['phone', '/inbox/mine', { size: [390, 844] }],
  ['phone-thread', '/inbox/mine/2', { size: [390, 844] }],
  ['tablet', '/inbox/mine', { size: [900, 800] }],
];

const only = process.argv.slice(4);
const profile = mkdtempSync(join(tmpdir(), 'deskbell-chromium-'));
const context = await chromium.launchPersistentContext(profile, {
  executablePath: '/usr/bin/chromium', args: flags, deviceScaleFactor: 1.5,
});

for (const theme of ['light', 'dark']) {
  for (const [name, path, options = {}] of pictures) {
    if (only.length && !only.includes(name)) continue;
    const [width, height] = options.size ?? [1440, 900];
    const page = await context.newPage();
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: theme });
    await context.clearCookies();
    if (options.scene) await context.addCookies([{ name: 'mock', value: options.scene, url: base }]);
    await page.addInitScript(() => localStorage.clear());
    page.on('pageerror', (error) => console.log(`${name}: ${error.message}`));
    page.on('console', (message) => message.type() === 'error' && console.log(`${name}: ${message.text()}`));
    const query = new URLSearchParams();
    if (options.locale) query.set('locale', options.locale);
    if (options.dir) query.set('dir', options.dir);
    await page.goto(`${base}${path}${query.size ? `?${query}` : ''}`);
    await page.waitForTimeout(options.wait ?? 900);
    for (const key of options.press ?? []) await page.keyboard.press(key);
    await page.waitForTimeout(300);
    if (options.type) await page.keyboard.type(options.type);
    await page.waitForTimeout(300);
    await page.screenshot({ path: join(folder, `${name}-${theme}.png`) });
    await page.close();
  }
}
await context.close();
console.log(folder);
