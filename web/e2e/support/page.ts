import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const axeSource = readFileSync(axePath, 'utf8');
const keys = Object.keys(JSON.parse(readFileSync(new URL('../../locales/en.json', import.meta.url), 'utf8')) as object);

interface Violation {
  id: string;
  nodes: { html: string; failureSummary: string }[];
}

/** Waits until the page is there and nothing on it is still being fetched. */
export async function settled(page: Page): Promise<void> {
  await page.locator('#main').first().waitFor();
  // A part that is still on its way says nothing yet; its heading comes with it.
  await page.locator('h1').first().waitFor({ state: 'attached' });
  await page.waitForFunction(() => document.fonts.status === 'loaded' && !document.querySelector('[aria-busy=true]'));
  // What appears fades in, and half a fade has half the contrast.
  await page.evaluate(async () => {
    await new Promise((resolve) => setTimeout(resolve, 60));
    await Promise.all(document.getAnimations().map((one) => one.finished.catch(() => undefined)));
  });
}

/** What axe finds wrong, a line each; empty is good. */
export async function axe(page: Page): Promise<string[]> {
  // The page's policy forbids scripts from elsewhere; evaluate is not bound by it.
  const violations = (await page.evaluate(`${axeSource}; axe.run(document, { resultTypes: ['violations'] }).then(r => r.violations.map(v => ({ id: v.id, nodes: v.nodes.slice(0, 3).map(n => ({ html: n.html.slice(0, 160), failureSummary: n.failureSummary })) })))`)) as Violation[];
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary.replace(/\s+/g, ' ')}`));
}

/** The keys of messages that stand on the page in place of their words. */
export async function bareKeys(page: Page): Promise<string[]> {
  const text = await page.evaluate(() => {
    const named = [...document.querySelectorAll('[aria-label],[placeholder],[title]')];
    const attributes = named.flatMap((one) => ['aria-label', 'placeholder', 'title'].map((name) => one.getAttribute(name) ?? ''));
    return [document.body.innerText, ...attributes].join('\n');
  });
  const words = new Set(text.split(/[\s"“”()[\],:;]+/));
  return keys.filter((key) => words.has(key));
}
