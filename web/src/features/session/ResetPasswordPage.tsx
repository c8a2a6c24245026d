import { useState } from 'react';
import { codeNeeded, isProblem } from '@/api/problem';
import { useForm } from '@/api/useForm';
import { useT } from '@/lib/i18n';
import { Link, type PageProps } from '@/lib/router';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { checks } from './checks';
import { CodeField } from './CodeField';
import { Door } from './Door';
import css from './Door.module.css';
import { PasswordField } from './PasswordField';
import { doors, useEnter } from './queries';

export function ResetPasswordPage({ search }: PageProps<'/reset-password'>) {
  const t = useT();
  const enter = useEnter();
  const [asksCode, setAsksCode] = useState(false);
  const form = useForm({ password: '', code: '' }, {
    check: ({ password, code }) => ({ password: checks.password(password), code: !asksCode || code.trim() ? undefined : t('session.code_needed') }),
    save: async ({ password, code }) => {
      try {
        await enter(await doors.reset({ token: search.token ?? '', password, code: code.trim() || undefined }), '/');
      } catch (problem) {
        if (isProblem(problem, codeNeeded)) setAsksCode(true);
        throw problem;
      }
    },
  });
  return (
    <Door title={t('session.reset_password')} text={t('session.reset_text')}>
      <form className={css.form} {...form.props}>
        {form.fault && <Banner tone={asksCode && !form.values.code ? 'info' : 'bad'}>{form.fault}</Banner>}
        <PasswordField label={t('session.new_password')} choosing={[]} autoFocus {...form.text('password')} />
        {asksCode && <CodeField {...form.text('code')} />}
        <Button variant="primary" size="lg" type="submit" className={css.submit} busy={form.busy}>{t('session.reset_go')}</Button>
      </form>
      <Link to="/sign-in" replace>{t('session.to_sign_in')}</Link>
    </Door>
  );
}
