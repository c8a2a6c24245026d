import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../support/browser.ts';
import { Desk } from '../support/desk.ts';
import { keepPictures } from '../support/evidence.ts';
import { englishOn, failToSend, faults, toldIn, wordsIn } from '../support/faults.ts';
import { settled } from '../support/page.ts';
import { fill } from '../support/pages.ts';

describe('what goes wrong', () => {
  let desk: Desk;
  let anna: Person;
  let stranger: Person | undefined;
  keepPictures(() => [anna, stranger]);

  beforeAll(async () => {
    desk = await Desk.open();
    anna = await desk.person();
    await desk.setUpQuietly(anna);
    await fill(desk, anna);
    await failToSend(desk, anna);
  });
  afterAll(() => desk?.close());

  for (const locale of ['ja', 'tr', 'uk']) {
    test(`is told in ${locale}, whoever says it`, async () => {
      await desk.api(anna, 'PATCH', '/me', { locale });
      stranger = await desk.person({ locale });
      const english: string[] = [];
      for (const fault of faults) {
        const { page } = fault.open ? stranger : anna;
        await page.goto(fault.path);
        await settled(page);
        await fault.provoke?.(page, wordsIn(locale));
        await page.getByText(toldIn(locale, fault.told)).first().waitFor();
        english.push(...(await englishOn(page, locale)).map((words) => `${fault.name}: ${words}`));
      }
      await stranger.context.close();
      expect(english).toEqual([]);
    });
  }
});
