// What the editor knows: everything else would be lost in it.
const known = new Set(['P', 'BR', 'STRONG', 'B', 'EM', 'I', 'U', 'S', 'STRIKE', 'DEL', 'CODE', 'PRE', 'UL', 'OL', 'LI', 'BLOCKQUOTE', 'A']);

/** Whether a text can be written in the editor without losing anything of its looks. */
export function fits(html: string): boolean {
  const body = new DOMParser().parseFromString(html, 'text/html').body;
  for (const button of body.querySelectorAll('table')) {
    if (button.querySelectorAll('td[bgcolor]').length === 1 && button.querySelectorAll('td, th').length === 1 && button.querySelectorAll('a').length === 1) button.remove();
  }
  return [...body.querySelectorAll('*')].every((one) => (one.tagName === 'IMG' ? one.hasAttribute('data-cid') : known.has(one.tagName) && !one.hasAttribute('style')));
}
