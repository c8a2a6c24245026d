import { Editor } from '@tiptap/core';
import StarterKit from '@tiptap/starter-kit';
import { afterEach, describe, expect, test } from 'vitest';
import { ownWords, rangeOf, readOwn, toneMarks } from './ownWords';

let editor: Editor;
const write = (content: string) => (editor = new Editor({ extensions: [StarterKit, toneMarks], content }));
const place = (text: string, words: string, strong = false) => ({ start: text.indexOf(words), end: text.indexOf(words) + words.length, strong });

describe('the writer’s own words', () => {
  afterEach(() => editor.destroy());

  test('leave out what is quoted and what is code', () => {
    write('<p>Hello <b>Eva</b>,<br>yes</p><blockquote><p>never</p></blockquote><pre><code>no</code></pre><ul><li><p>one</p></li></ul><p>run <code>rm</code> 😀</p>');
    expect(readOwn(editor.state.doc).text).toBe('Hello Eva,\nyes\n\n\none\nrun    😀');
  });

  test('are found again in the document, over marks and lines', () => {
    write('<p>Hello <b>Eva</b>,</p><p>😀 we can’t</p>');
    const { text, pieces } = readOwn(editor.state.doc);
    for (const words of ['Hello', 'o Eva,', 'can’t', '😀']) {
      const { from, to } = rangeOf(pieces, place(text, words))!;
      expect(editor.state.doc.textBetween(from, to)).toBe(words);
    }
    expect(rangeOf(pieces, { start: 500, end: 510 })).toBeUndefined();
  });

  test('carry marks that move with the text, and one takes the place of another', () => {
    write('<p>we can’t and won’t</p>');
    const own = ownWords(editor);
    const text = own.read();
    own.mark([place(text, 'can’t'), place(text, 'won’t', true)]);
    expect(editor.view.dom.querySelectorAll('p > span')).toHaveLength(2);
    editor.commands.insertContentAt(1, 'No, ');
    own.replace(1, 'will not');
    expect(editor.getText()).toBe('No, we can’t and will not');
    own.select(0);
    const { from, to } = editor.state.selection;
    expect(editor.state.doc.textBetween(from, to)).toBe('can’t');
    own.mark([]);
    expect(editor.view.dom.querySelectorAll('p > span')).toHaveLength(0);
  });

  test('take a sentence at the caret', () => {
    write('<p>Hello.</p>');
    editor.commands.setTextSelection(7);
    ownWords(editor).add('We are sorry.');
    expect(editor.getText()).toBe('Hello. We are sorry.');
  });

  test('take no marks of an older text', () => {
    write('<p>we can’t</p>');
    const own = ownWords(editor);
    const found = place(own.read(), 'can’t');
    editor.commands.insertContentAt(1, 'No, ');
    own.mark([found]);
    expect(editor.view.dom.querySelectorAll('p > span')).toHaveLength(0);
  });

  test('are taken back one step at a time, marks or not', () => {
    write('<p>we can’t</p>');
    const own = ownWords(editor);
    own.mark([place(own.read(), 'can’t')]);
    own.replace(0, 'cannot');
    editor.commands.undo();
    expect(editor.getText()).toBe('we can’t');
  });
});
