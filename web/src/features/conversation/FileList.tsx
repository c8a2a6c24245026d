import type { Attachment } from '@/api/types';
import { fileSize } from '@/lib/formats';
import { useT } from '@/lib/i18n';
import { Icon } from '@/ui/Icon';
import type { FileOnItsWay } from './useFiles';
import css from './Composer.module.css';

interface Props {
  attached: readonly Attachment[];
  coming: readonly FileOnItsWay[];
  onRemove: (file: Attachment) => void;
}

/** What goes with the message: how far each file has come, and the way to take it out again. */
export function FileList({ attached, coming, onRemove }: Props) {
  const t = useT();
  if (!attached.length && !coming.length) return null;
  return (
    <ul className={css.files}>
      {attached.map((file) => !file.inline && (
        <li key={file.id} className={css.fileItem}>
          {file.preview ? <img src={file.url} alt="" /> : <Icon name="clip" size={14} />}
          <bdi className="trunc">{file.name}</bdi>
          <span className={css.size}>{fileSize(file.size)}</span>
          <button type="button" aria-label={t('composer.remove_file', { name: file.name })} onClick={() => onRemove(file)}><Icon name="x" size={12} /></button>
        </li>
      ))}
      {coming.map((file) => (
        <li key={`n${file.key}`} className={file.error ? css.fileFailed : css.fileItem} role={file.error ? 'alert' : undefined}>
          <Icon name={file.error ? 'stop' : 'clip'} size={14} />
          <bdi className="trunc">{file.name}</bdi>
          <span className={css.size}>{file.error ?? t('composer.uploading', { part: file.part })}</span>
          {!file.error && <progress className={css.progress} max={1} value={file.part} aria-label={file.name} />}
          <button type="button" aria-label={t('composer.remove_file', { name: file.name })} onClick={file.abort}><Icon name="x" size={12} /></button>
        </li>
      ))}
    </ul>
  );
}
