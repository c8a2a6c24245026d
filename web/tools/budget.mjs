// Checks the size of what a browser must fetch, over Vite's manifest. Gzip level 9, in KB of 1000 bytes.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('manifest.json', dist), 'utf8'));
const limits = { console: 150, route: 60, editor: 145 };
const firstLoadLocale = /^locales\/(?!en\.)[a-z-]+\.json$/;

const sizes = new Map();
function size(file) {
  if (!sizes.has(file)) sizes.set(file, gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length);
  return sizes.get(file);
}

// Every file that loading these entries brings with it, without dynamic imports.
function filesOf(keys, seen = new Set(), files = new Set()) {
  for (const key of keys) {
    if (seen.has(key)) continue;
    seen.add(key);
    const chunk = manifest[key];
    files.add(chunk.file);
    for (const css of chunk.css ?? []) files.add(css);
    filesOf(chunk.imports ?? [], seen, files);
  }
  return files;
}

const total = (files) => [...files].reduce((sum, file) => sum + size(file), 0);
const kb = (bytes) => (bytes / 1000).toFixed(1).padStart(7);
const find = (test) => Object.keys(manifest).filter(test);

const entry = find((key) => manifest[key].isEntry);
const locales = find((key) => firstLoadLocale.test(key)).sort((a, b) => size(manifest[b].file) - size(manifest[a].file));
const english = find((key) => key === 'locales/en.json');
const inbox = find((key) => /InboxPage\.tsx$/.test(key));
const largestLocale = [...english, ...locales].sort((a, b) => size(manifest[b].file) - size(manifest[a].file)).slice(0, 1);
const shell = find((key) => /app\/shell\/Shell\.tsx$/.test(key));

// A first visit to the inbox: entry, shell, the largest catalog and the inbox itself.
const first = filesOf([...entry, ...shell, ...largestLocale, ...inbox]);
const rows = [['first load of the inbox (entry, shell, largest catalog, inbox page)', total(first), limits.console]];

// What only the editor fetches comes when the editor is there.
const [editorKey] = find((key) => /conversation\/Editor\.tsx$/.test(key));
const editor = filesOf([editorKey]);
const afterEditor = (key) => {
  const parents = find((other) => manifest[other].dynamicImports?.includes(key));
  return key !== editorKey && parents.length > 0 && parents.every((other) => editor.has(manifest[other].file));
};

for (const key of find((k) => manifest[k].isDynamicEntry && !k.startsWith('locales/') && !/\.mjs$/.test(k))) {
  const own = [...filesOf([key])].filter((file) => !filesOf(entry).has(file) && !(afterEditor(key) && editor.has(file)));
  const limit = /[eE]ditor/.test(key) ? limits.editor : limits.route;
  rows.push([key, total(own), limit]);
}
for (const key of [...english, ...locales]) rows.push([key, size(manifest[key].file), limits.route]);

let over = 0;
for (const [name, bytes, limit] of rows) {
  const bad = bytes > limit * 1000;
  if (bad) over++;
  console.log(`${kb(bytes)} of ${String(limit).padStart(3)} KB  ${bad ? 'OVER  ' : ''}${name}`);
}
const js = [...first].filter((f) => f.endsWith('.js'));
const css = [...first].filter((f) => f.endsWith('.css'));
console.log(`first load: ${kb(total(js)).trim()} KB JavaScript in ${js.length} files, ${kb(total(css)).trim()} KB CSS`);
process.exit(over ? 1 : 0);
