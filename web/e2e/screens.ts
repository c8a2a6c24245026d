// Pictures of every page from the real program, for the eye: npm run screens -- [folder] [page...].
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContextOptions } from 'playwright-core';
import { Desk } from './support/desk.ts';
import { settled } from './support/page.ts';
import { fill, pages } from './support/pages.ts';

const folder = process.argv[2] ?? join(tmpdir(), 'deskbell-screens');
const only = process.argv.slice(3);
mkdirSync(folder, { recursive: true });

type Look = BrowserContextOptions & { dir?: 'rtl' };
const looks: Record<string, Look> = {
  light: {}, dark: { colorScheme: 'dark' }, ja: { locale: 'ja' }, uk: { locale: 'uk' },
  rtl: { dir: 'rtl' }, zoom: { viewport: { width: 640, height: 430 } },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
};

const desk = await Desk.open();
try {
  const anna = await desk.person();
  await anna.page.goto(desk.program.setupLink);
  await anna.page.getByRole('heading').waitFor();
  if (only.length === 0) await anna.page.screenshot({ path: join(folder, 'setup-light.png') });
  await desk.setUpQuietly(anna);
  await fill(desk, anna);
  const cookies = await anna.context.cookies();
  for (const [look, { dir, ...options }] of Object.entries<Look>(looks)) {
    const locale = options.locale ?? 'en';
    const person = await desk.person({ viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1.5, ...options });
    for (const { name, path, open } of pages) {
      if (only.length && !only.includes(name)) continue;
      await person.context.clearCookies();
      if (!open) await person.context.addCookies(cookies);
      await person.page.goto(`${path}${path.includes('?') ? '&' : '?'}locale=${locale}${dir ? `&dir=${dir}` : ''}`);
      await settled(person.page);
      await person.page.screenshot({ path: join(folder, `${name}-${look}.png`) });
    }
    for (const fault of person.faults()) console.log(fault);
    await person.context.close();
  }
} finally {
  await desk.close();
}
console.log(folder);
