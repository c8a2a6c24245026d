import { useForm } from '@/api/useForm';
import { useT } from '@/lib/i18n';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Input } from '@/ui/Field';
import css from './People.module.css';

interface Props {
  title: string;
  text: string;
  /** The verb on the button. */
  label: string;
  danger?: boolean;
  onPassword: (password: string) => Promise<unknown>;
  onClose: () => void;
}

/** Asks for my password again before something that a borrowed browser must not do. */
export function PasswordDialog({ title, text, label, danger, onPassword, onClose }: Props) {
  const t = useT();
  const form = useForm({ current_password: '' }, {
    check: ({ current_password }) => ({ current_password: current_password ? undefined : t('session.password_needed') }),
    save: ({ current_password }) => onPassword(current_password),
  });
  return (
    <Dialog
      title={title} onClose={onClose}
      actions={
        <>
          <Button variant="ghost" onClick={onClose}>{t('ui.cancel')}</Button>
          <Button variant={danger ? 'danger' : 'primary'} busy={form.busy} onClick={() => void form.submit()}>{label}</Button>
        </>
      }
    >
      <form className={css.fields} {...form.props}>
        <p>{text}</p>
        {form.fault && <Banner tone="bad">{form.fault}</Banner>}
        <Input label={t('profile.current_password')} type="password" autoComplete="current-password" data-autofocus {...form.text('current_password')} />
      </form>
    </Dialog>
  );
}
