/**
 * Text as people compare it while typing: without case and without Latin marks.
 * İ, I, ı and i are one letter, so that Turkish names are found from every keyboard.
 */
export function fold(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[Iİı]/g, 'i')
    .toLowerCase()
    .normalize('NFD')
    .replace(/(?<=\p{Script=Latin})\p{M}+/gu, '')
    .normalize('NFC')
    .replace(/ø/g, 'o')
    .replace(/ß/g, 'ss');
}

/**
 * How well text answers a typed query: 0 for not at all. Every word of the query must begin a word of the
 * text (best), or stand inside it.
 */
export function matchScore(text: string, query: string): number {
  const hay = fold(text);
  let score = 0;
  for (const word of fold(query).split(/\s+/).filter(Boolean)) {
    const at = hay.indexOf(word);
    if (at < 0) return 0;
    if (at === 0) score += 4;
    else if (wordStart(hay, word)) score += 3;
    else score += 1;
  }
  return score || 1;
}

function wordStart(hay: string, word: string): boolean {
  for (let at = hay.indexOf(word); at >= 0; at = hay.indexOf(word, at + 1)) {
    if (at === 0 || !/[\p{L}\p{N}]/u.test(hay[at - 1]!)) return true;
  }
  return false;
}
