import { useRef, useState, type ComponentType } from 'react';
import type { Attachment } from '@/api/types';
import { useT } from '@/lib/i18n';
import { IconButton } from '@/ui/IconButton';
import type { EditorHandle } from './Editor';
import { FileList } from './FileList';
import { useFiles } from './useFiles';
import { WritingField } from './WritingField';
import box from './Composer.module.css';
import css from './TextEditor.module.css';

interface Props {
  label: string;
  /** What stands in it at first. */
  html: string;
  attached: readonly Attachment[];
  invalid?: boolean;
  onText: (html: string) => void;
  onAttached: (change: (now: readonly Attachment[]) => readonly Attachment[]) => void;
  /** More tools, which may put a text at the caret. */
  Tools?: ComponentType<{ onInsert: (text: string) => void }>;
}

/** The composer's field for texts that are kept: with its formats, pictures and files, and without a conversation. */
export function TextEditor({ label, html, attached, invalid, onText, onAttached, Tools }: Props) {
  const t = useT();
  const field = useRef<EditorHandle>(null);
  const picker = useRef<HTMLInputElement>(null);
  const root = useRef<HTMLDivElement>(null);
  const [start] = useState(html);
  const files = useFiles((file) => onAttached((now) => [...now, file]));
  return (
    <div
      ref={root} role="group" aria-label={label} aria-invalid={invalid || undefined} className={css.editor}
      onDragOver={(event) => event.dataTransfer.types.includes('Files') && event.preventDefault()}
      onDrop={(event) => {
        if (event.defaultPrevented || !event.dataTransfer.files.length) return;
        event.preventDefault();
        files.add([...event.dataTransfer.files]);
      }}
    >
      <WritingField
        ref={field} html={start} formats people={[]} label={label} placeholder="" onFiles={files.add}
        onEscape={() => root.current?.closest('dialog')?.focus()} onChange={onText}
      />
      <FileList attached={attached} coming={files.files} onRemove={(file) => onAttached((now) => now.filter((one) => one.id !== file.id))} />
      <div className={box.foot}>
        <IconButton icon="clip" label={t('composer.attach')} onClick={() => picker.current?.click()} />
        {Tools && <Tools onInsert={(text) => field.current?.insert(text)} />}
      </div>
      <input ref={picker} type="file" multiple hidden aria-label={t('composer.attach')} onChange={(event) => {
        files.add([...(event.target.files ?? [])]);
        event.target.value = '';
      }} />
    </div>
  );
}
