// What the editor knows: everything else would be lost in it.
const known = new Set(['P', 'BR', 'STRONG', 'B', 'EM', 'I', 'U', 'S', 'STRIKE', 'DEL', 'CODE', 'PRE', 'UL', 'OL', 'LI', 'BLOCKQUOTE', 'A', 'TBODY', 'TR', 'TD', 'TH']);
const ours = (table: Element) => table.getAttribute('border') === '1' && /^border-collapse: ?collapse;?$/.test(table.getAttribute('style') ?? '');

/** Whether a text can be written in the editor without losing anything of its looks. */
export function fits(html: string): boolean {
  const body = new DOMParser().parseFromString(html, 'text/html').body;
  for (const button of body.querySelectorAll('table')) {
    if (button.querySelectorAll('td[bgcolor]').length === 1 && button.querySelectorAll('td, th').length === 1 && button.querySelectorAll('a').length === 1) button.remove();
  }
  return [...body.querySelectorAll('*')].every((one) => {
    if (one.tagName === 'IMG') return one.hasAttribute('data-cid');
    return one.tagName === 'TABLE' ? ours(one) : known.has(one.tagName) && !one.hasAttribute('style');
  });
}
