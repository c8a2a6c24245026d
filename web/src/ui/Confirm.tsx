import type { ReactNode } from 'react';
import { useState } from 'react';
import { useT } from '@/lib/i18n';
import { Button } from './Button';
import { Dialog } from './Dialog';
import { Input } from './Field';
import css from './Confirm.module.css';

interface Props {
  title: string;
  text: ReactNode;
  /** The verb on the button. */
  label: string;
  /** Must be typed first: only to delete or archive what a shop cannot do without. */
  typed?: { name: string; label: string };
  onYes: () => void;
  onClose: () => void;
}

/** Asks before data is deleted; everything else acts at once and offers Undo. */
export function Confirm({ title, text, label, typed, onYes, onClose }: Props) {
  const t = useT();
  const [name, setName] = useState('');
  const ready = !typed || name.trim() === typed.name.trim();
  const yes = () => {
    if (!ready) return;
    onClose();
    onYes();
  };
  return (
    <Dialog
      title={title} onClose={onClose}
      actions={
        <>
          <Button variant="ghost" data-autofocus={typed ? undefined : true} onClick={onClose}>{t('ui.cancel')}</Button>
          <Button variant="danger" disabled={!ready} onClick={yes}>{label}</Button>
        </>
      }
    >
      <form
        className={css.confirm}
        onSubmit={(event) => {
          event.preventDefault();
          yes();
        }}
      >
        <div>{text}</div>
        {typed && <Input label={typed.label} value={name} autoComplete="off" data-autofocus onChange={(event) => setName(event.target.value)} />}
      </form>
    </Dialog>
  );
}
