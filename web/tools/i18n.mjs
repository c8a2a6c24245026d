// Checks the catalogs: every language has the keys and arguments of English, readable messages and the plural
// categories of its grammar, and no key is forgotten. `--sort` puts the keys of every catalog in order.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { check, usedKeys } from './i18n/check.mjs';

const web = fileURLToPath(new URL('..', import.meta.url));
const read = (locale) => JSON.parse(readFileSync(join(web, 'locales', `${locale}.json`), 'utf8'));
const locales = readdirSync(join(web, 'locales')).filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -5));
const catalogs = Object.fromEntries(locales.map((locale) => [locale, read(locale)]));

if (process.argv.includes('--sort')) {
  for (const [locale, catalog] of Object.entries(catalogs)) {
    const sorted = Object.fromEntries(Object.entries(catalog).sort(([a], [b]) => (a < b ? -1 : 1)));
    writeFileSync(join(web, 'locales', `${locale}.json`), `${JSON.stringify(sorted, null, 2)}\n`);
  }
}

const sources = readdirSync(join(web, 'src'), { recursive: true })
  .filter((name) => /\.tsx?$/.test(name) && !/\.test\./.test(name))
  .map((name) => readFileSync(join(web, 'src', name), 'utf8'))
  .join('\n');

const faults = [...check(catalogs), ...usedKeys(Object.keys(catalogs.en), sources)];
for (const fault of faults) console.log(fault);
console.log(faults.length ? `${faults.length} faults` : `${Object.keys(catalogs.en).length} messages in ${locales.length} languages are complete`);
process.exit(faults.length ? 1 : 0);
