import { Editor, Node } from '@tiptap/core';
import type { Transaction } from '@tiptap/pm/state';
import type { Attachment } from '@/api/types';
import type { EditorProps } from './Editor';

/** A picture inside the text: shown from our own server, sent along under its content id. */
export const Picture = Node.create({
  name: 'picture',
  group: 'inline',
  inline: true,
  atom: true,
  draggable: true,
  addAttributes: () => ({
    src: {},
    cid: { parseHTML: (element: HTMLElement) => element.dataset.cid, renderHTML: ({ cid }: { cid: string }) => ({ 'data-cid': cid }) },
    alt: { default: '' },
    width: { default: undefined },
  }),
  // Nothing else: a picture of a stranger's page would be fetched from there.
  parseHTML: () => [{ tag: 'img[data-cid][src^="/api/"]' }],
  renderHTML: ({ HTMLAttributes }) => ['img', HTMLAttributes],
  renderText: ({ node }) => (node.attrs.alt ? `[${String(node.attrs.alt)}]` : ''),
});

/** What every mail program and browser shows. */
export const pictureTypes = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

export const isPicture = (file: File) => pictureTypes.includes(file.type);

// In pixels: as wide as mail programs show a text, whatever the camera made.
const widest = 600;

/** Uploads a picture and puts it where it was dropped, however much is written until it has arrived. onPlaced hears where, unless somebody wrote meanwhile. */
export function insertPicture(editor: Editor, file: File, at: number | undefined, latest: { current: EditorProps }, onPlaced?: (at: number) => void): void {
  let place = at ?? editor.state.selection.to;
  let written = false;
  const follow = ({ transaction }: { transaction: Transaction }) => {
    place = transaction.mapping.map(place);
    written ||= transaction.docChanged;
  };
  editor.on('transaction', follow);
  const width = widthOf(file);
  latest.current.onFiles([file], (uploaded) => void width.then((pixels) => {
    const attrs = { src: uploaded.url, cid: uploaded.content_id, alt: uploaded.name, width: pixels };
    if (editor.isDestroyed) return append(latest.current, uploaded);
    editor.off('transaction', follow);
    const there = Math.min(place, editor.state.doc.content.size);
    editor.commands.insertContentAt(there, { type: 'picture', attrs });
    if (!written) onPlaced?.(there);
  }));
}

async function widthOf(file: File): Promise<number | undefined> {
  try {
    const picture = await createImageBitmap(file);
    const { width } = picture;
    picture.close();
    return Math.min(width, widest);
  } catch {
    return undefined;
  }
}

// Somebody left the conversation meanwhile: the picture stands at the end of the draft.
function append({ html, onChange }: EditorProps, { url, content_id: cid = '', name }: Attachment): void {
  const picture = document.createElement('img');
  picture.src = url;
  picture.dataset.cid = cid;
  picture.alt = name;
  picture.width = widest;
  const text = new DOMParser().parseFromString(html, 'text/html').body.textContent;
  onChange(`${html}<p>${picture.outerHTML}</p>`, `${text} [${name}]`.trim());
}
