import { Node } from '@tiptap/core';

export interface MailButtonAttrs {
  href: string;
  label: string;
}

// White on it is readable (6.8 to 1), whatever paper the mail program shows.
const colour = '#3346b3';

/**
 * A link that looks like a button in every mail program. A cell of a table, because some give padding and a background
 * to nothing else; in the plain text it is its words and the address.
 */
export const MailButton = Node.create({
  name: 'mailButton',
  group: 'block',
  atom: true,
  draggable: true,
  addAttributes: () => ({ href: { default: '' }, label: { default: '' } }),
  parseHTML: () => [{ tag: 'table', getAttrs: (element: HTMLElement) => attrsOf(element) ?? false }],
  renderHTML: ({ node }) => {
    const { href, label } = node.attrs as MailButtonAttrs;
    return ['table', { cellpadding: '0', cellspacing: '0', border: '0' }, ['tbody', ['tr', ['td',
      { bgcolor: colour, style: 'border-radius: 6px; padding: 10px 18px' },
      ['a', { href, style: 'color: #ffffff; text-decoration: none; font-weight: 600' }, label]]]]];
  },
  renderText: ({ node }) => `${String(node.attrs.label)} <${String(node.attrs.href)}>`,
});

/** What a button says and where it leads; undefined for any other table. */
function attrsOf(table: HTMLElement): MailButtonAttrs | undefined {
  const cells = table.querySelectorAll('td, th');
  const links = table.querySelectorAll('a');
  const label = cells[0]?.textContent.trim();
  if (cells.length !== 1 || links.length !== 1 || !cells[0]!.hasAttribute('bgcolor') || !label || links[0]!.textContent.trim() !== label) return undefined;
  return { href: links[0]!.getAttribute('href') ?? '', label };
}

/** The address as it is kept, undefined when nobody could follow it. */
export function linkTo(typed: string): string | undefined {
  const text = typed.trim();
  if (/^(https?:\/\/[^\s/]|mailto:[^\s]|tel:[+\d])/i.test(text)) return text;
  if (/^[a-z][a-z\d+.-]*:(?!\d)/i.test(text) || !/^[^\s/]+\.[^\s/]{2}/.test(text)) return undefined;
  return text.includes('@') && !text.includes('/') ? `mailto:${text}` : `https://${text}`;
}
