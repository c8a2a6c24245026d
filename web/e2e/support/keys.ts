import type { Page } from 'playwright-core';

/** What the keys of a keyboard write that does not write Latin letters where the console expects them, by their places. */
export const layouts = {
  // The Ukrainian keyboard writes Cyrillic letters everywhere.
  uk: { e: ['у', 'KeyE'], h: ['р', 'KeyH'], i: ['ш', 'KeyI'], j: ['о', 'KeyJ'], k: ['л', 'KeyK'], x: ['ч', 'KeyX'], z: ['я', 'KeyZ'] },
  // The Turkish one has the dotless i on the key that is i elsewhere; its letters stand where they do on others.
  tr: { e: ['e', 'KeyE'], h: ['h', 'KeyH'], i: ['ı', 'KeyI'], j: ['j', 'KeyJ'], k: ['k', 'KeyK'], x: ['x', 'KeyX'], z: ['z', 'KeyZ'] },
} as const satisfies Record<string, Record<string, readonly [string, string]>>;

/** Presses the key of a layout that is meant by a letter, as that keyboard sends it. */
export async function pressOn(page: Page, layout: keyof typeof layouts, letter: keyof typeof layouts.uk): Promise<void> {
  const [key, code] = layouts[layout][letter];
  const devtools = await page.context().newCDPSession(page);
  const event = { key, code, windowsVirtualKeyCode: code.charCodeAt(3), text: key, unmodifiedText: key };
  await devtools.send('Input.dispatchKeyEvent', { type: 'keyDown', ...event });
  await devtools.send('Input.dispatchKeyEvent', { type: 'keyUp', key, code, windowsVirtualKeyCode: event.windowsVirtualKeyCode });
  await devtools.detach();
}
