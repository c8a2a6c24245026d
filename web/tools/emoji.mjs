// Writes the names of all emoji in the console's languages, out of Unicode's CLDR: `npm run emoji`, for a new edition of it.
// The packages are 150 MB for 500 KB that are needed, so they are fetched here and not kept.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const edition = '48.2.0';
const packages = { annotations: `cldr-annotations-full@${edition}`, annotationsDerived: `cldr-annotations-derived-full@${edition}` };
const target = new URL('../src/features/conversation/emoji/', import.meta.url);
const isEmoji = /^\p{RGI_Emoji}$/v;
const isToned = /[\u{1f3fb}-\u{1f3ff}]/u;

/** The sign as it is written in text: CLDR leaves out the mark that asks for colour. */
function written(sign) {
  const forms = [sign, sign.replace('\u200d', '\ufe0f\u200d')].flatMap((form) => [form, `${form}\ufe0f`]);
  return isToned.test(sign) ? undefined : forms.find((form) => isEmoji.test(form));
}

/** Words of its keywords that its name does not have. */
function further(name, keywords) {
  const have = new Set(name.toLowerCase().split(/\s+/));
  return keywords.flatMap((one) => one.split(/\s+/)).filter((word) => !have.has(word.toLowerCase()) && have.add(word.toLowerCase()));
}

const folder = mkdtempSync(join(tmpdir(), 'deskbell-emoji-'));
try {
  const read = {};
  for (const [kind, name] of Object.entries(packages)) {
    const file = execFileSync('npm', ['pack', '--silent', name], { cwd: folder, encoding: 'utf8' }).trim();
    execFileSync('tar', ['xzf', file, '--one-top-level', '--strip-components=1'], { cwd: folder });
    const unpacked = join(folder, file.replace(/\.tgz$/, ''));
    read[kind] = (language) => JSON.parse(readFileSync(join(unpacked, kind, language, 'annotations.json'), 'utf8'))[kind].annotations;
    writeFileSync(new URL('LICENSE-Unicode.txt', target), readFileSync(join(unpacked, 'LICENSE')));
  }
  for (const language of ['en', 'ja', 'tr', 'uk']) {
    const all = { ...read.annotations(language), ...read.annotationsDerived(language) };
    const lines = Object.entries(all).flatMap(([sign, { tts: [name] = [], default: keywords = [] }]) => {
      const form = written(sign);
      return form && name ? [[form, name, further(name, keywords).join(' ')].join('\t')] : [];
    });
    writeFileSync(new URL(`emoji-${language}.txt`, target), `${lines.join('\n')}\n`);
    console.log(`${language}: ${lines.length} emoji`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
