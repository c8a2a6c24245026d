import { Fragment, type ReactNode } from 'react';
import css from './Message.module.css';

// An order number is a name: read in two halves it is none. What is longer may break, as it has to fit on a phone.
// In what is written without spaces it ends where the letters of such names do.
const sign = '\\p{Script=Latin}\\p{Script=Cyrillic}\\p{Nd}';
const token = new RegExp(`(?<![${sign}-])(?=[${sign}-]*\\p{Nd})[${sign}]+(?:-[${sign}]+)+(?![${sign}-])`, 'gu');
const longest = 20;

function* tokensOf(text: string): Generator<[at: number, token: string]> {
  if (!text.includes('-')) return;
  for (const { index, 0: found } of text.matchAll(token)) if (found.length <= longest) yield [index, found];
}

/** The text with every order number and the like on one line. Its characters stay what they are, also when it is copied. */
export function together(text: string): ReactNode {
  const parts: ReactNode[] = [];
  let from = 0;
  for (const [at, found] of tokensOf(text)) {
    parts.push(<Fragment key={from}>{text.slice(from, at)}</Fragment>, <span key={`t${at}`} className={css.together}>{found}</span>);
    from = at + found.length;
  }
  return parts.length ? [...parts, <Fragment key={from}>{text.slice(from)}</Fragment>] : text;
}

/** The same in a mail that came with a layout. Tables are left alone: their columns may have no room. */
export function keepTogether(body: HTMLElement): void {
  const page = body.ownerDocument;
  const walk = page.createTreeWalker(body, 4 /* text */);
  const found: [node: Text, at: number, length: number][] = [];
  for (let node = walk.nextNode() as Text | null; node; node = walk.nextNode() as Text | null) {
    if (node.parentElement?.closest('table,style')) continue;
    // From the end, so that what stands before keeps its place.
    for (const [at, text] of [...tokensOf(node.data)].reverse()) found.push([node, at, text.length]);
  }
  for (const [node, at, length] of found) {
    const own = node.splitText(at);
    own.splitText(length);
    const span = page.createElement('span');
    span.style.whiteSpace = 'nowrap';
    own.replaceWith(span);
    span.append(own);
  }
}
