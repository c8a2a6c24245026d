// Recomputes the contrast of every pair of colours that meet on screen, in both themes (WCAG 2.2, 1.4.3 and 1.4.11).
// `node tools/contrast.mjs -v` prints all ratios.
import { readFileSync } from 'node:fs';

const css = readFileSync(new URL('../src/ui/tokens.css', import.meta.url), 'utf8');

function tokens(theme) {
  const found = {};
  for (const block of css.matchAll(new RegExp(`\\[data-theme=${theme}\\]\\s*\\{([^}]*)\\}`, 'g'))) {
    for (const [, name, value] of block[1].matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/gi)) found[name] = value;
  }
  return found;
}

function luminance(hex) {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const v = parseInt(hex.slice(at, at + 2), 16) / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function ratio(a, b) {
  const [hi, lo] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (hi + 0.05) / (lo + 0.05);
}

const on = (surfaces, ...inks) => inks.flatMap((ink) => surfaces.map((surface) => [ink, surface]));
const text = [
  ...on(['panel', 'raised', 'canvas', 'sunken', 'well', 'accentSoft'], 'ink', 'muted', 'faint'),
  ...on(['panel', 'raised', 'canvas', 'accentSoft'], 'accentText'),
  ...on(['accent', 'accentHover'], 'accentInk'),
  ...on(['note'], 'noteInk'),
  ...on(['panel', 'raised', 'canvas', 'okSoft'], 'ok'),
  ...on(['panel', 'raised', 'canvas', 'warnSoft', 'accentSoft'], 'warn'),
  ...on(['panel', 'raised', 'canvas', 'badSoft', 'accentSoft'], 'bad'),
  ...on(['panel', 'raised', 'infoSoft'], 'info'),
  ...[1, 2, 3, 4, 5, 6, 7].map((n) => [`av${n}Ink`, `av${n}`]),
  ...[1, 2, 3, 4, 5, 6, 7].map((n) => ['panel', `av${n}Ink`]),
  ['darkInk', 'dark'], ['darkMuted', 'dark'], ['darkOk', 'dark'], ['darkWarn', 'dark'],
];
const controls = [
  ...on(['panel', 'canvas'], 'inputline'),
  ...on(['panel', 'canvas', 'raised', 'accentSoft'], 'focus'),
  ...on(['panel'], 'accent', 'c1', 'c2', 'c3', 'c4', 'c5'),
];

let failing = 0;
let checked = 0;
for (const theme of ['light', 'dark']) {
  const t = tokens(theme);
  for (const [pairs, floor] of [[text, 4.5], [controls, 3]]) {
    for (const [a, b] of pairs) {
      checked++;
      const value = t[a] && t[b] ? ratio(t[a], t[b]) : 0;
      if (value < floor) {
        failing++;
        console.log(`${theme}: ${a} on ${b} is ${value.toFixed(2)}, needs ${floor}`);
      } else if (process.argv.includes('-v')) {
        console.log(`${theme}: ${a} on ${b} ${value.toFixed(1)}`);
      }
    }
  }
}
console.log(failing ? `${failing} of ${checked} pairs are too faint` : `${checked} pairs have enough contrast`);
process.exit(failing ? 1 : 0);
