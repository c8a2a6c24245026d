import type { Editor } from '@tiptap/core';
import { Suspense, useRef, useState } from 'react';
import { useT, type MessageKey } from '@/lib/i18n';
import type { IconName } from '@/lib/icons';
import { lazyPart } from '@/lib/lazyPart';
import { Button } from '@/ui/Button';
import { IconButton } from '@/ui/IconButton';
import { Popover } from '@/ui/Popover';
import { PictureButton, useSteps } from './PictureTools';
import css from './Composer.module.css';

const WritingTools = lazyPart(() => import('./WritingTools').then((module) => module.WritingTools));

const formats: readonly { icon: IconName; label: MessageKey; mark: string; keys?: string; run: (editor: Editor) => void }[] = [
  { icon: 'bold', label: 'composer.bold', mark: 'bold', keys: 'mod+b', run: (editor) => editor.chain().focus().toggleBold().run() },
  { icon: 'italic', label: 'composer.italic', mark: 'italic', keys: 'mod+i', run: (editor) => editor.chain().focus().toggleItalic().run() },
  { icon: 'list', label: 'composer.list', mark: 'bulletList', run: (editor) => editor.chain().focus().toggleBulletList().run() },
  { icon: 'listNum', label: 'composer.numbers', mark: 'orderedList', run: (editor) => editor.chain().focus().toggleOrderedList().run() },
  { icon: 'quote', label: 'composer.quote', mark: 'blockquote', run: (editor) => editor.chain().focus().toggleBlockquote().run() },
  { icon: 'code', label: 'composer.code', mark: 'code', keys: 'mod+e', run: (editor) => editor.chain().focus().toggleCode().run() },
];

/** What the chosen text can be made. */
export function FormatBar({ editor, label, onPictures, onPlain, heard, spelling, onSpelling }: {
  editor: Editor;
  label: string;
  onPictures: (files: File[]) => void;
  onPlain?: () => void;
  heard: string;
  spelling: string | undefined;
  onSpelling: (language: string | undefined) => void;
}) {
  const t = useT();
  useSteps(editor);
  return (
    <div className={css.formats} role="toolbar" aria-label={label}>
      {formats.map(({ icon, label: key, mark, keys, run }) => (
        <IconButton
          key={mark} icon={icon} label={t(key)} keys={keys} on={editor.isActive(mark)} aria-pressed={editor.isActive(mark)}
          onPointerDown={(event) => event.preventDefault()} onClick={() => run(editor)}
        />
      ))}
      <LinkButton editor={editor} />
      <PictureButton onPictures={onPictures} />
      <Suspense><WritingTools editor={editor} heard={heard} chosen={spelling} onChoose={onSpelling} /></Suspense>
      {onPlain && <Button size="sm" variant="ghost" onPointerDown={(event) => event.preventDefault()} onClick={onPlain}>{t('composer.plain')}</Button>}
    </div>
  );
}

function LinkButton({ editor }: { editor: Editor }) {
  const t = useT();
  const anchor = useRef<HTMLButtonElement>(null);
  const [address, setAddress] = useState<string>();
  const set = () => {
    const text = (address ?? '').trim();
    const href = !text || /^[a-z]+:/i.test(text) ? text : text.includes('@') ? `mailto:${text}` : `https://${text}`;
    setAddress(undefined);
    const chain = editor.chain().focus().extendMarkRange('link');
    if (!href) chain.unsetLink().run();
    else if (editor.state.selection.empty && !editor.isActive('link')) {
      chain.insertContent({ type: 'text', text, marks: [{ type: 'link', attrs: { href } }] }).run();
    } else chain.setLink({ href }).run();
  };
  return (
    <>
      <IconButton
        ref={anchor} icon="link" label={t('composer.link')} on={editor.isActive('link')} onPointerDown={(event) => event.preventDefault()}
        onClick={() => setAddress(String(editor.getAttributes('link').href ?? ''))}
      />
      {address !== undefined && (
        <Popover anchor={anchor} side="top" label={t('composer.link')} onClose={() => setAddress(undefined)}>
          <form className={css.linkForm} onSubmit={(event) => {
            event.preventDefault();
            set();
          }}>
            <input data-autofocus className={css.linkInput} aria-label={t('composer.link_address')} placeholder={t('composer.link_address')} value={address} onChange={(event) => setAddress(event.target.value)} />
            <Button type="submit" size="sm" variant="primary">{t('composer.link_set')}</Button>
          </form>
        </Popover>
      )}
    </>
  );
}
