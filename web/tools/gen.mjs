// Writes src/api/schema.gen.ts, the types of the HTTP API, out of openapi.json. `--check` only tells whether it is current.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';

const source = new URL('../openapi.json', import.meta.url);
const target = new URL('../src/api/schema.gen.ts', import.meta.url);
const head = '// Generated from openapi.json by `npm run gen`; changes here are lost.\n';

const tree = await openapiTS(source, { alphabetize: true, emptyObjectsUnknown: true });
const text = `${head}\n${astToString(tree)}`;

if (process.argv.includes('--check')) {
  const current = existsSync(target) && readFileSync(target, 'utf8') === text;
  if (!current) console.log('src/api/schema.gen.ts is older than openapi.json: run `npm run gen`.');
  process.exit(current ? 0 : 1);
}
writeFileSync(target, text);
