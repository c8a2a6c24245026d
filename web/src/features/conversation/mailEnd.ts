// What stands at the end of many mails and shows nothing: line ends, spaces that do not break, marks without width.
const blank = /^(?:[\s\u00a0\u00ad\u200b-\u200f\u2060\ufeff]|\u034f)*$/;
// A picture of one pixel counts openings; it is nothing to look at.
const shows = 'img:not([width="1"]):not([width="0"]), hr, svg, table, input, button, video, audio, canvas, object, iframe';

/**
 * Takes away what is blank at the end of a mail: mail programs close with empty paragraphs and line ends, which
 * would make the bubble taller than its words.
 */
export function trimEnd(parent: Element): void {
  for (let last = parent.lastChild; last; last = parent.lastChild) {
    if (last.nodeType === Node.ELEMENT_NODE) {
      const element = last as Element;
      const empty = blank.test(element.textContent ?? '') && !element.matches(shows) && !element.querySelector(shows);
      if (!empty) {
        if (!element.matches(`${shows}, pre, blockquote`)) trimEnd(element);
        return;
      }
    } else if (last.nodeType === Node.TEXT_NODE && !blank.test(last.textContent ?? '')) {
      return;
    }
    last.remove();
  }
}
