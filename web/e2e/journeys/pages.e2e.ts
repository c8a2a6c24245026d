import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../support/browser.ts';
import { Desk } from '../support/desk.ts';
import { axe, bareKeys, cutOff, settled } from '../support/page.ts';
import { fill, pages } from '../support/pages.ts';

interface Look {
  locale: string;
  colorScheme: 'light' | 'dark';
  dir?: 'rtl';
  viewport?: { width: number; height: number };
}

// 640 wide is what is left of a desk's screen at a zoom of 200 %.
const looks: Look[] = [
  { locale: 'en', colorScheme: 'light' }, { locale: 'en', colorScheme: 'dark' },
  { locale: 'ja', colorScheme: 'light', viewport: { width: 640, height: 430 } }, { locale: 'tr', colorScheme: 'dark' },
  { locale: 'uk', colorScheme: 'light', dir: 'rtl' },
];

describe('every page', () => {
  let desk: Desk;
  let anna: Person;
  beforeAll(async () => {
    desk = await Desk.open();
    anna = await desk.person();
    await desk.setUpQuietly(anna);
    await fill(desk, anna);
  });
  afterAll(() => desk?.close());

  for (const { locale, dir, ...look } of looks) {
    test(`is whole in ${[locale, ...Object.values(look), dir].map((one) => (typeof one === 'object' ? `${one.width} px wide` : one)).filter(Boolean).join(', ')}`, async () => {
      const found: string[] = [];
      const stranger = await desk.person(look);
      const cookies = await anna.context.cookies();
      const known = await desk.person(look);
      await known.context.addCookies(cookies);
      for (const one of pages) {
        const person = one.open ? stranger : known;
        await person.page.goto(`${one.path}${one.path.includes('?') ? '&' : '?'}locale=${locale}${dir ? `&dir=${dir}` : ''}`);
        await settled(person.page);
        const faults = [...person.faults(), ...(await axe(person.page)), ...(await bareKeys(person.page)), ...(await cutOff(person.page))];
        found.push(...faults.map((fault) => `${one.name}: ${fault}`));
      }
      await stranger.context.close();
      await known.context.close();
      expect(found).toEqual([]);
    });
  }
});
