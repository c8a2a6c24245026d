import type { Editor } from '@tiptap/core';
import { NodeSelection } from '@tiptap/pm/state';
import { useEffect, useId, useReducer, useRef } from 'react';
import { useT } from '@/lib/i18n';
import { IconButton } from '@/ui/IconButton';
import { isPicture, pictureTypes } from './picture';
import css from './Picture.module.css';

/** Draws anew with each step of the editor. */
export function useSteps(editor: Editor): void {
  const [, renew] = useReducer((turn: number) => turn + 1, 0);
  useEffect(() => {
    editor.on('transaction', renew);
    return () => {
      editor.off('transaction', renew);
    };
  }, [editor]);
}

/** Chooses pictures that go into the text where the caret stands. */
export function PictureButton({ onPictures }: { onPictures: (files: File[]) => void }) {
  const t = useT();
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton icon="image" label={t('composer.picture')} onPointerDown={(event) => event.preventDefault()} onClick={() => picker.current?.click()} />
      <input
        ref={picker} type="file" accept={pictureTypes.join(',')} multiple hidden aria-label={t('composer.picture')}
        onChange={(event) => {
          onPictures([...(event.target.files ?? [])].filter(isPicture));
          event.target.value = '';
        }}
      />
    </>
  );
}

/** Says what the chosen picture shows, to those who cannot see it. */
export function PictureWords({ editor, wanted, onReached }: { editor: Editor; wanted: boolean; onReached: () => void }) {
  const t = useT();
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  useSteps(editor);
  const { selection } = editor.state;
  const at = selection instanceof NodeSelection && selection.node.type.name === 'picture' ? selection.from : undefined;
  useEffect(() => {
    if (at === undefined || !wanted) return;
    field.current?.focus();
    field.current?.select();
    onReached();
  }, [at, wanted, onReached]);
  if (at === undefined) return null;
  const back = () => {
    editor.commands.setTextSelection(at + 1);
    editor.view.focus();
  };
  return (
    <div className={css.words}>
      <label htmlFor={id}>{t('composer.picture_words')}</label>
      <input
        ref={field} id={id} maxLength={300} autoComplete="off" dir="auto" value={String((selection as NodeSelection).node.attrs.alt ?? '')}
        onChange={({ target }) => editor.view.dispatch(editor.state.tr.setNodeAttribute(at, 'alt', target.value))}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return;
          event.preventDefault();
          event.stopPropagation();
          back();
        }}
      />
    </div>
  );
}
