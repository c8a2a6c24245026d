import { useT } from '@/lib/i18n';
import { Button } from './Button';
import css from './SaveBar.module.css';

interface Props {
  /** What changed, in a sentence. */
  text?: string;
  saveLabel?: string;
  busy?: boolean;
  onSave: () => void;
  onDiscard: () => void;
}

/** At the foot of a settings page, only while something there is not saved. */
export function SaveBar({ text, saveLabel, busy, onSave, onDiscard }: Props) {
  const t = useT();
  return (
    <div className={css.bar} role="region" aria-label={t('ui.unsaved')}>
      <i className={css.dot} />
      <span className="grow">{text ?? t('ui.unsaved')}</span>
      <Button variant="ghost" size="sm" onClick={onDiscard}>{t('ui.discard')}</Button>
      <Button variant="primary" size="sm" busy={busy} onClick={onSave}>{saveLabel ?? t('ui.save')}</Button>
    </div>
  );
}
