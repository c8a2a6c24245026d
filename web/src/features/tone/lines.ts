import type { ToneRule } from '@/api/tone';

type Term = ToneRule['terms'][number];

/** The lines of a field, without blank ones. */
export const lines = (text: string) => text.split('\n').map((line) => line.trim()).filter(Boolean);

/** “cheap, lousy → inexpensive”, a line for each. */
export function termsOf(text: string): Term[] {
  return lines(text).map((line) => {
    const [left = '', ...right] = line.split(/\s*(?:→|=>|->)\s*/);
    return { words: split(left), instead: right.join(' ').trim() };
  });
}

// A comma inside quotation marks belongs to the words.
function split(text: string): string[] {
  return (text.match(/"[^"]*"|“[^”]*”|„[^“]*“|«[^»]*»|「[^」]*」|[^,、]+/g) ?? []).map((one) => one.trim()).filter(Boolean);
}

export function textOf(terms: readonly Term[]): string {
  return terms.map(({ words, instead }) => (words ?? []).join(', ') + (instead ? ` → ${instead}` : '')).join('\n');
}

interface Place {
  start: number;
  end: number;
}

/** A text in pieces, each with the number of the place that it belongs to; the first of overlapping places counts. */
export function pieces(text: string, places: readonly Place[]): { text: string; place?: number }[] {
  const out: { text: string; place?: number }[] = [];
  let at = 0;
  for (const [place, { start, end }] of places.entries()) {
    if (start < at || end <= start) continue;
    if (start > at) out.push({ text: text.slice(at, start) });
    out.push({ text: text.slice(start, end), place });
    at = end;
  }
  if (at < text.length) out.push({ text: text.slice(at) });
  return out;
}
