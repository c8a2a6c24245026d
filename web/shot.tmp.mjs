import { chromium } from 'playwright-core';
import { mkdtempSync } from 'node:fs';
const [base, pw, ...pages] = process.argv.slice(2);
const ctx = await chromium.launchPersistentContext(mkdtempSync('/tmp/chr-'), { executablePath: '/usr/bin/chromium', args: ['--no-sandbox','--disable-gpu','--disable-quic','--no-first-run','--disable-background-networking','--disable-component-update','--disable-sync'], viewport: { width: 1440, height: 900 } });
const page = await ctx.newPage();
page.on('console', m => m.type() === 'error' && console.log('console:', m.text()));
page.on('pageerror', e => console.log('pageerror:', e.message));
await page.goto(base + '/sign-in'); await page.waitForTimeout(800);
await page.screenshot({ path: '/tmp/shots/signin.png' });
await page.evaluate(async ([e, p]) => { const r = await fetch('/api/v1/session', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ email: e, password: p }) }); return r.status; }, ['ayse@lindenandloom.example', pw]);
for (const spec of pages) { const [name, path, theme = 'light', w = '1440', h = '900'] = spec.split(',');
  await page.setViewportSize({ width: +w, height: +h }); await page.emulateMedia({ colorScheme: theme });
  await page.goto(base + path); await page.waitForTimeout(1500); await page.screenshot({ path: `/tmp/shots/${name}.png` }); console.log(name, page.url()); }
await ctx.close();
