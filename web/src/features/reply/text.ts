/** Whether HTML is nothing but paragraphs and line breaks, and so can be edited as text. */
export function isPlain(html: string): boolean {
  return !/<(?!\/?(p|br)\b)[a-z!/]/i.test(html);
}

/** The paragraphs as text, an empty line between them. */
export function toText(html: string): string {
  const body = new DOMParser().parseFromString(html.replace(/<br\s*\/?>/gi, '\n'), 'text/html').body;
  const blocks = [...body.children];
  return blocks.length ? blocks.map((block) => block.textContent ?? '').join('\n\n') : (body.textContent ?? '');
}

export function toHtml(text: string): string {
  const safe = text.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign]!);
  return safe.trim().split(/\n{2,}/).filter(Boolean).map((part) => `<p>${part.replace(/\n/g, '<br>')}</p>`).join('');
}
