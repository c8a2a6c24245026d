import { createElement, Fragment, type ReactNode } from 'react';

/**
 * Mail whose HTML is no more than plain writing (paragraphs, emphasis, lists, links) is shown as part of the page, in
 * its type and colours. It is built element by element from a short list; nothing is ever put in as HTML. Everything
 * richer goes into a frame of its own.
 */
const tags = new Set([
  'P', 'DIV', 'BR', 'B', 'STRONG', 'I', 'EM', 'U', 'S', 'SPAN', 'A', 'UL', 'OL', 'LI', 'CODE', 'PRE', 'BLOCKQUOTE', 'HR', 'SUB', 'SUP', 'SMALL',
  'H1', 'H2', 'H3', 'H4',
]);
const as: Record<string, string> = { DIV: 'p', H1: 'h4', H2: 'h4', H3: 'h4', H4: 'h4', SMALL: 'span' };
// Attributes that do not change how it looks.
const quiet = new Set(['href', 'dir', 'lang', 'rel', 'target', 'title', 'class', 'id', 'start', 'type']);
const safeLink = /^(https?:|mailto:|tel:)/i;
const deepest = 40;

/** The nodes of simple HTML, or undefined when it is more than that. */
export function plainHtml(html: string, onText: (text: string) => ReactNode = (text) => text): ReactNode[] | undefined {
  if (!html || /<(table|img|style|font|center)\b/i.test(html)) return undefined;
  const body = new DOMParser().parseFromString(html, 'text/html').body;
  const isSimple = (element: Element, depth: number): boolean =>
    depth < deepest && tags.has(element.tagName) && [...element.attributes].every((one) => quiet.has(one.name))
    && [...element.children].every((child) => isSimple(child, depth + 1));
  if (![...body.children].every((child) => isSimple(child, 0))) return undefined;
  return [...body.childNodes].map((node, at) => build(node, at, onText, false));
}

function build(node: globalThis.Node, key: number, onText: (text: string) => ReactNode, inLink: boolean): ReactNode {
  if (node.nodeType === 3) return <Fragment key={key}>{inLink ? node.textContent : onText(node.textContent ?? '')}</Fragment>;
  if (node.nodeType !== 1) return null;
  const element = node as Element;
  if (element.tagName === 'BR' || element.tagName === 'HR') return createElement(element.tagName.toLowerCase(), { key });
  const isLink = element.tagName === 'A';
  const children = [...element.childNodes].map((child, at) => build(child, at, onText, inLink || isLink));
  if (isLink) {
    const href = element.getAttribute('href') ?? '';
    return safeLink.test(href)
      ? <a key={key} href={href} target="_blank" rel="noopener noreferrer nofollow">{children}</a>
      : <Fragment key={key}>{children}</Fragment>;
  }
  // A paragraph inside a paragraph is no HTML: a box that holds boxes is only its content.
  const holdsBlocks = [...element.children].some((child) => /^(P|DIV|UL|OL|PRE|BLOCKQUOTE|H\d|HR)$/.test(child.tagName));
  if ((element.tagName === 'DIV' || element.tagName === 'P') && holdsBlocks) return <Fragment key={key}>{children}</Fragment>;
  const name = as[element.tagName] ?? element.tagName.toLowerCase();
  const dir = /^(p|li|blockquote|pre|h4)$/.test(name) ? 'auto' : undefined;
  // A line break before it is the space already.
  const tight = element.previousElementSibling?.tagName === 'BR' || undefined;
  return createElement(name, { key, dir, 'data-tight': tight }, ...(children.length ? children : name === 'p' ? [<br key="b" />] : []));
}

const link = /\b(https?:\/\/[^\s<>"')\]]+[^\s<>"')\].,;:!?]|[\w.+-]+@[\w-]+\.[\w.-]*\w)/g;

/** Text with its addresses as links. */
export function withLinks(text: string, onText: (text: string) => ReactNode = (plain) => plain): ReactNode {
  const parts: ReactNode[] = [];
  let from = 0;
  for (const match of text.matchAll(link)) {
    const at = match.index;
    const address = match[0];
    if (at > from) parts.push(<Fragment key={from}>{onText(text.slice(from, at))}</Fragment>);
    const href = address.includes('://') ? address : `mailto:${address}`;
    parts.push(<a key={at} href={href} target="_blank" rel="noopener noreferrer nofollow">{address}</a>);
    from = at + address.length;
  }
  if (!parts.length) return onText(text);
  if (from < text.length) parts.push(<Fragment key={from}>{onText(text.slice(from))}</Fragment>);
  return parts;
}
