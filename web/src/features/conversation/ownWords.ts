import { Extension, type Editor } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { Plugin, PluginKey, TextSelection } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import css from './ToneCheck.module.css';

/** A place in the writer's own words, in UTF-16 units. */
export interface Place {
  start: number;
  end: number;
  strong: boolean;
}

/** The writer's own words in a field, and marks in them. */
export interface OwnWords {
  read: () => string;
  /** Marks places of what was read last; the marks move with the text. */
  mark: (places: readonly Place[]) => void;
  select: (place: number) => void;
  replace: (place: number, text: string) => void;
  /** Puts a sentence at the caret, with a space before it where one is needed. */
  add: (text: string) => void;
}

interface Piece {
  at: number;
  pos: number;
  length: number;
}

/** The text of a document without what is quoted or code, and where each piece of it stands. */
export function readOwn(doc: Node): { text: string; pieces: Piece[] } {
  let text = '';
  const pieces: Piece[] = [];
  doc.descendants((node, pos) => {
    if (node.type.name === 'blockquote' || node.type.name === 'codeBlock') {
      text += '\n';
      return false;
    }
    if (node.isTextblock && text) text += '\n';
    if (node.type.name === 'hardBreak') text += '\n';
    if (!node.isText) return true;
    const words = node.marks.some((mark) => mark.type.name === 'code') ? ' '.repeat(node.text!.length) : node.text!;
    pieces.push({ at: text.length, pos, length: words.length });
    text += words;
    return false;
  });
  return { text, pieces };
}

/** Where a place of the text stands in the document. */
export function rangeOf(pieces: readonly Piece[], { start, end }: { start: number; end: number }): { from: number; to: number } | undefined {
  const first = pieces.find((one) => start >= one.at && start < one.at + one.length);
  const last = pieces.findLast((one) => end > one.at && end <= one.at + one.length);
  if (!first || !last) return undefined;
  return { from: first.pos + start - first.at, to: last.pos + end - last.at };
}

const marks = new PluginKey<DecorationSet>('tone');

export const toneMarks = Extension.create({
  name: 'toneMarks',
  addProseMirrorPlugins: () => [
    new Plugin<DecorationSet>({
      key: marks,
      state: {
        init: () => DecorationSet.empty,
        apply: (change, now) => (change.getMeta(marks) as DecorationSet | undefined) ?? now.map(change.mapping, change.doc),
      },
      props: { decorations: (state) => marks.getState(state) },
    }),
  ],
});

/** The own words of an editor that has the extension. */
export function ownWords(editor: Editor): OwnWords {
  let read = readOwn(editor.state.doc);
  let doc = editor.state.doc;
  const find = (place: number) => marks.getState(editor.state)?.find(undefined, undefined, (spec) => (spec as { place: number }).place === place)[0];
  return {
    read: () => {
      doc = editor.state.doc;
      read = readOwn(doc);
      return read.text;
    },
    mark: (places) => {
      // Somebody has written on: these places are of an older text.
      if (editor.isDestroyed || places.length && doc !== editor.state.doc) return;
      const found = places.flatMap((one, place) => {
        const range = rangeOf(read.pieces, one);
        return range && one.end > one.start ? Decoration.inline(range.from, range.to, { class: one.strong ? css.strong : css.mark }, { place }) : [];
      });
      editor.view.dispatch(editor.state.tr.setMeta(marks, DecorationSet.create(editor.state.doc, found)).setMeta('addToHistory', false));
    },
    select: (place) => {
      const at = find(place);
      if (at) editor.view.dispatch(editor.state.tr.setSelection(TextSelection.create(editor.state.doc, at.from, at.to)).scrollIntoView());
      editor.view.focus();
    },
    replace: (place, text) => {
      const at = find(place);
      if (at) editor.view.dispatch(editor.state.tr.insertText(text, at.from, at.to).scrollIntoView());
      editor.view.focus();
    },
    add: (text) => {
      const { $from, from, to } = editor.state.selection;
      const before = $from.parent.textBetween(0, $from.parentOffset, undefined, ' ');
      editor.view.dispatch(editor.state.tr.insertText(/\S$/.test(before) ? ` ${text}` : text, from, to).scrollIntoView());
      editor.view.focus();
    },
  };
}
