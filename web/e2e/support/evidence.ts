import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach } from 'vitest';
import type { Person } from './browser.ts';

const folder = join(tmpdir(), 'deskbell-failed');

/** Keeps a picture of what everybody saw when a test of this file fails. */
export function keepPictures(people: () => (Person | undefined)[]): void {
  beforeEach(({ onTestFailed, task }) => {
    onTestFailed(async () => {
      mkdirSync(folder, { recursive: true });
      for (const [at, person] of people().entries()) {
        const path = join(folder, `${task.name.replace(/\W+/g, '-').slice(0, 60)}-${at}.png`);
        const kept = await person?.page.screenshot({ path, timeout: 5000 }).then(() => true, () => false);
        if (kept) console.log(`What was on screen: ${path}`);
      }
    });
  });
}
