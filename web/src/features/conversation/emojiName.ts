/** A sign with its names in the console's languages, apart by bars, or that in the reader's alone; the words of one are apart by spaces. */
export interface Emoji {
  id: string;
  names: string;
}

const languages = ['en', 'ja', 'tr', 'uk'];

/** Its name in a language of the console. */
export function nameOf(one: Emoji, locale: string): string {
  const names = one.names.split('|');
  return names[Math.max(languages.indexOf(locale), 0)] ?? names[0]!;
}
