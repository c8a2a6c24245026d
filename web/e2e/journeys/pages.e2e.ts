import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../support/browser.ts';
import { Desk } from '../support/desk.ts';
import { axe, bareKeys, settled } from '../support/page.ts';
import { fill, pages } from '../support/pages.ts';

const looks = [
  { locale: 'en', colorScheme: 'light' }, { locale: 'en', colorScheme: 'dark' },
  { locale: 'ja', colorScheme: 'light' }, { locale: 'tr', colorScheme: 'dark' }, { locale: 'uk', colorScheme: 'light' },
] as const;

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

  for (const { locale, colorScheme } of looks) {
    test(`is whole in ${locale}, ${colorScheme}`, async () => {
      const found: string[] = [];
      const stranger = await desk.person({ colorScheme });
      const cookies = await anna.context.cookies();
      const known = await desk.person({ colorScheme });
      await known.context.addCookies(cookies);
      for (const one of pages) {
        const person = one.open ? stranger : known;
        await person.page.goto(`${one.path}${one.path.includes('?') ? '&' : '?'}locale=${locale}`);
        await settled(person.page);
        const faults = [...person.faults(), ...(await axe(person.page)), ...(await bareKeys(person.page))];
        found.push(...faults.map((fault) => `${one.name}: ${fault}`));
      }
      await stranger.context.close();
      await known.context.close();
      expect(found).toEqual([]);
    });
  }
});
