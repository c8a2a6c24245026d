import { fold, matchScore } from '@/lib/fold';
import { currentLocale } from '@/lib/i18n';
import { emojiFor } from './emoji';
import type { Emoji } from './emojiName';

interface Named extends Emoji {
  /** Name and further words, folded. */
  hay: string;
}

// Two texts of some 40 KB each, fetched when somebody looks for what is not among the usual ones.
const texts = import.meta.glob<string>('./emoji/emoji-*.txt', { query: '?raw', import: 'default' });
const read = new Map<string, Promise<Named[]>>();
const bare = (sign: string) => sign.replaceAll('\ufe0f', '');

function named(language: string): Promise<Named[]> {
  const kept = read.get(language);
  if (kept) return kept;
  const reading = texts[`./emoji/emoji-${language}.txt`]!().then((text) => text.trim().split('\n').map((line) => {
    const [id, name, more] = line.split('\t') as [string, string, string];
    return { id, names: name, hay: fold(`${name} ${more}`) };
  }));
  reading.catch(() => read.delete(language));
  read.set(language, reading);
  return reading;
}

/** Every emoji that is called so in the reader's language or in English: first the usual ones, then what fits best. */
export async function findEmoji(query: string): Promise<Emoji[]> {
  const locale = currentLocale();
  const own = await named(locale === 'en-XA' ? 'en' : locale);
  const english = locale.startsWith('en') ? own : await named('en');
  const usual = emojiFor(query);
  const there = new Set(usual.map(({ id }) => bare(id)));
  const inEnglish = new Map(english.map(({ id, hay }) => [id, hay]));
  const found = own.map((one) => ({ one, score: Math.max(matchScore(one.hay, query), matchScore(inEnglish.get(one.id) ?? '', query)) }))
    .filter(({ one, score }) => score > least(query) && !there.has(bare(one.id)))
    .sort((a, b) => b.score - a.score);
  return [...usual, ...found.map(({ one }) => one)];
}

// Letters inside a word find too much, except in what is written without spaces.
const least = (query: string) => (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(query) ? 0 : 3 * query.trim().split(/\s+/).length - 1);
