import { fullTime } from '@/lib/dates';
import { useT } from '@/lib/i18n';
import { Button } from '@/ui/Button';
import { CopyLine } from '@/ui/CopyLine';
import { Dialog } from '@/ui/Dialog';
import css from './People.module.css';

interface Props {
  title: string;
  text: string;
  link: string;
  expiresAt?: string;
  onClose: () => void;
}

/** A link that is shown this once. */
export function LinkDialog({ title, text, link, expiresAt, onClose }: Props) {
  const t = useT();
  return (
    <Dialog title={title} onClose={onClose} actions={<Button variant="primary" onClick={onClose}>{t('ui.done')}</Button>}>
      <div className={css.fields}>
        <p>{text}</p>
        <CopyLine label={t('people.link')} text={link} />
        {expiresAt && <p className={css.note}>{t('people.link_until', { when: fullTime(expiresAt) })}</p>}
      </div>
    </Dialog>
  );
}
