import { Extension } from '@tiptap/core';
import type { Node } from '@tiptap/pm/model';
import { Plugin, PluginKey } from '@tiptap/pm/state';
import { Decoration, DecorationSet } from '@tiptap/pm/view';
import css from './Composer.module.css';

const variable = /\{\{[^{}\n]{1,200}\}\}/g;

/** Lets variables stand out: in a reply they are what still has no value. */
export const Variables = Extension.create({
  name: 'variables',
  addProseMirrorPlugins: () => [
    new Plugin({
      key: new PluginKey('variables'),
      state: {
        init: (_, { doc }) => marked(doc),
        apply: (step, now) => (step.docChanged ? marked(step.doc) : now),
      },
      props: {
        decorations(state) {
          return this.getState(state);
        },
      },
    }),
  ],
});

// By paragraph, because a format may begin in the middle of one.
function marked(doc: Node): DecorationSet {
  const found: Decoration[] = [];
  doc.descendants((block, at) => {
    if (!block.isTextblock) return true;
    const text = block.textBetween(0, block.content.size, undefined, ' ');
    for (const { index, 0: words } of text.matchAll(variable)) found.push(Decoration.inline(at + 1 + index, at + 1 + index + words.length, { class: css.variable }));
    return false;
  });
  return DecorationSet.create(doc, found);
}
