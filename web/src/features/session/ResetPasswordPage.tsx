import { useForm } from '@/api/useForm';
import { useT } from '@/lib/i18n';
import { Link, type PageProps } from '@/lib/router';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { checks } from './checks';
import { Door } from './Door';
import css from './Door.module.css';
import { PasswordField } from './PasswordField';
import { doors, useEnter } from './queries';

export function ResetPasswordPage({ search }: PageProps<'/reset-password'>) {
  const t = useT();
  const enter = useEnter();
  const form = useForm({ password: '' }, {
    check: ({ password }) => ({ password: checks.password(password) }),
    save: async ({ password }) => enter(await doors.reset({ token: search.token ?? '', password }), '/'),
  });
  return (
    <Door title={t('session.reset_password')} text={t('session.reset_text')}>
      <form className={css.form} {...form.props}>
        {form.fault && <Banner tone="bad">{form.fault}</Banner>}
        <PasswordField label={t('session.new_password')} choosing={[]} autoFocus {...form.text('password')} />
        <Button variant="primary" size="lg" type="submit" className={css.submit} busy={form.busy}>{t('session.reset_go')}</Button>
      </form>
      <Link to="/sign-in" replace>{t('session.to_sign_in')}</Link>
    </Door>
  );
}
