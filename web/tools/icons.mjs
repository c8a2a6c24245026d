// Draws the PNG icons of the installed console from public/icons/icon.svg: node tools/icons.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const folder = new URL('../public/icons/', import.meta.url);
const svg = readFileSync(new URL('icon.svg', folder), 'utf8');
const mark = /<g transform[^>]*>.*<\/g>/s.exec(svg)[0];
// Systems cut a maskable icon into a shape of their own: its mark stays within the inner four fifths, on ground to the edge.
const maskable = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512"><rect width="512" height="512" fill="#F7F6F3"/><g transform="translate(51.2 51.2) scale(.8)">${mark}</g></svg>`;

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
try {
  const page = await browser.newPage();
  for (const [name, size, drawing] of [['icon-192', 192, svg], ['icon-512', 512, svg], ['maskable-512', 512, maskable], ['touch-180', 180, maskable], ['badge-96', 96, mark]]) {
    const whole = name === 'badge-96' ? `<svg xmlns="http://www.w3.org/2000/svg" viewBox="60 84 392 392">${mark.replaceAll(/#[0-9A-F]{6}/g, '#FFFFFF')}</svg>` : drawing;
    await page.setViewportSize({ width: size, height: size });
    await page.setContent(`<style>*{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${whole}`);
    writeFileSync(new URL(`${name}.png`, folder), await page.screenshot({ omitBackground: true }));
  }
} finally {
  await browser.close();
}
