/** Words before a colon that narrow a search. The server's parser is internal/search/parse.go; one table tests both. */
export const operators = ['from', 'to', 'order', 'tag', 'is', 'has', 'in', 'assignee', 'before', 'after'] as const;
export type Operator = (typeof operators)[number];

export interface Term {
  op: Operator;
  value: string;
  not: boolean;
}

export interface Query {
  terms: Term[];
  /** All that is no operator, in its order. */
  words: string;
}

const known = new Set<string>(operators);
const quotes: Record<string, string> = { '"': '"', '“': '”"', '„': '“”"', '”': '”', '«': '»', '「': '」', '『': '』', '＂': '＂' };
const leading = /^([-−－]?)([A-Za-zＡ-Ｚａ-ｚ]{2,12})[:：]/u;

/** A piece of what is typed: an operator, a word, or white space. */
interface Piece {
  text: string;
  term?: Term;
  /** An operator that ends here, by a quote or by what follows. */
  closed?: boolean;
}

function valueOf(rest: string): { value: string; length: number; closed: boolean } {
  const closing = quotes[rest[0] ?? ''];
  if (closing) {
    const end = [...rest.slice(1)].findIndex((letter) => closing.includes(letter));
    const at = end < 0 ? -1 : 1 + [...rest.slice(1)].slice(0, end).join('').length;
    return at < 0 ? { value: rest.slice(1), length: rest.length, closed: false } : { value: rest.slice(1, at), length: at + 1, closed: true };
  }
  const end = rest.search(/\s/u);
  return end < 0 ? { value: rest, length: rest.length, closed: false } : { value: rest.slice(0, end), length: end, closed: true };
}

function operatorAt(text: string): Piece | undefined {
  const found = leading.exec(text);
  const op = found?.[2]!.normalize('NFKC').toLowerCase();
  if (!found || !op || !known.has(op)) return undefined;
  const { value, length, closed } = valueOf(text.slice(found[0].length));
  if (!value.trim()) return undefined;
  return { text: text.slice(0, found[0].length + length), term: { op: op as Operator, value: value.trim(), not: found[1] !== '' }, closed };
}

function wordAt(text: string): string {
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') quoted = !quoted && text.includes('"', at + 1);
    else if (!quoted && /\s/u.test(text[at]!)) return text.slice(0, at);
  }
  return text;
}

function pieces(text: string): Piece[] {
  const out: Piece[] = [];
  for (let rest = text; rest;) {
    const space = /^\s+/u.exec(rest)?.[0];
    const piece = space ? { text: space } : (operatorAt(rest) ?? { text: wordAt(rest) });
    out.push(piece);
    rest = rest.slice(piece.text.length);
  }
  return out;
}

/** Takes a query apart. While typing, an operator at the very end stays among the words: its value may go on. */
export function parse(text: string, typing = false): Query {
  const list = pieces(text);
  const isTerm = (piece: Piece) => piece.term !== undefined && (!typing || piece.closed);
  return {
    terms: list.flatMap((piece) => (isTerm(piece) ? [piece.term!] : [])),
    words: list.filter((piece) => !isTerm(piece)).map((piece) => piece.text).join('').trimStart(),
  };
}

/** A term as somebody types it. */
export function termText({ op, value, not }: Term): string {
  const quoted = /\s/u.test(value) || quotes[value[0] ?? ''] !== undefined ? `"${value.replaceAll('"', '')}"` : value;
  return `${not ? '-' : ''}${op}:${quoted}`;
}

/** The whole query as it stands in the address. */
export function queryText({ terms, words }: Query): string {
  return [...terms.map(termText), words.trim()].filter(Boolean).join(' ');
}

/** The word at the end of what is typed, taken apart as far as it goes: "-tag:bl" while it is typed. */
export interface Tail {
  text: string;
  op?: Operator;
  value: string;
  not: boolean;
}

export function tailOf(words: string): Tail {
  const text = pieces(words).at(-1)?.text ?? '';
  if (/^\s*$/u.test(text)) return { text: '', value: '', not: false };
  const found = leading.exec(text);
  const op = found?.[2]!.normalize('NFKC').toLowerCase();
  const not = /^[-−－]/u.test(text);
  if (!found || !op || !known.has(op)) return { text, value: not ? text.slice(1) : text, not };
  return { text, op: op as Operator, value: valueOf(text.slice(found[0].length)).value, not };
}
