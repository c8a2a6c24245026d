import { Node, type Editor } from '@tiptap/core';
import type { Node as Written } from '@tiptap/pm/model';

const roles: Record<string, string> = { table: 'table', tableRow: 'row', tableCell: 'cell', tableHeader: 'header_cell' };

// What the commands of prosemirror-tables count by.
const spans = () => ({ colspan: { default: 1 }, rowspan: { default: 1 }, colwidth: { default: null, rendered: false } });

/** A table with lines in every mail program. In the plain text a row is a line, its cells apart by bars. */
const Table = Node.create({
  name: 'table',
  group: 'block',
  content: 'tableRow+',
  isolating: true,
  extendNodeSchema: ({ name }: { name: string }) => (roles[name] ? { tableRole: roles[name] } : {}),
  parseHTML: () => [{ tag: 'table', priority: 40 }], // a button is one, too, and comes first
  renderHTML: () => ['table', { border: '1', cellpadding: '6', cellspacing: '0', style: 'border-collapse: collapse' }, ['tbody', 0]],
  addKeyboardShortcuts() {
    return { Tab: () => step(this.editor, 1), 'Shift-Tab': () => step(this.editor, -1) };
  },
});

const TableRow = Node.create({
  name: 'tableRow',
  content: '(tableCell | tableHeader)*',
  parseHTML: () => [{ tag: 'tr' }],
  renderHTML: () => ['tr', 0],
  renderText: ({ node }) => cellsOf(node).join(' | '),
});

const cell = (name: string, tag: string) => Node.create({
  name, content: 'block+', isolating: true, addAttributes: spans,
  parseHTML: () => [{ tag }],
  renderHTML: ({ HTMLAttributes }) => [tag, HTMLAttributes, 0],
});

export const tables = [Table, TableRow, cell('tableCell', 'td'), cell('tableHeader', 'th')];

function cellsOf(row: Written): string[] {
  const words: string[] = [];
  row.forEach((one) => words.push(one.textBetween(0, one.content.size, ' ', ' ')));
  return words;
}

/** Words that are all of a cell stand in it without a paragraph, around which mail programs leave a line of space. */
export function tightCells(html: string): string {
  return html.replace(/(<t[dh]\b[^>]*>)<p>((?:(?!<\/?p\b)[^])*)<\/p>(?=<\/t[dh]>)/g, '$1$2');
}

type Commands = typeof import('@tiptap/pm/tables');
let commands: Commands | undefined;

/** What rows and columns are added and taken away with; fetched when somebody has a table. */
export const tableCommands = async (): Promise<Commands> => (commands ??= await import('@tiptap/pm/tables'));

// To the next cell; behind the last one comes a new row.
function step(editor: Editor, by: 1 | -1): boolean {
  if (!editor.isActive('table')) return false;
  const go = ({ goToNextCell, addRowAfter }: Commands) => {
    const next = () => goToNextCell(by)(editor.state, editor.view.dispatch);
    if (!next() && by > 0 && addRowAfter(editor.state, editor.view.dispatch)) next();
  };
  // At once: what is typed behind the key belongs to the next cell.
  if (commands) go(commands);
  else void tableCommands().then(go);
  return true;
}

/** A table to fill in: a row of heads and two below. */
export function newTable() {
  const row = (type: string) => ({ type: 'tableRow', content: Array.from({ length: 3 }, () => ({ type, content: [{ type: 'paragraph' }] })) });
  return { type: 'table', content: [row('tableHeader'), row('tableCell'), row('tableCell')] };
}
