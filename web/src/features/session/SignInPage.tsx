import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { sessionQuery } from '@/api/directory';
import { useForm } from '@/api/useForm';
import { useT } from '@/lib/i18n';
import { go, navigate, type PageProps } from '@/lib/router';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Input } from '@/ui/Field';
import { checks } from './checks';
import { Door } from './Door';
import css from './Door.module.css';
import { PasswordField } from './PasswordField';
import { doors, useEnter } from './queries';

export function SignInPage({ search }: PageProps<'/sign-in'>) {
  const t = useT();
  const enter = useEnter();
  const { data: session } = useQuery({ ...sessionQuery, staleTime: 0 });
  const next = search.next ?? '/';
  useEffect(() => {
    if (session?.setup_needed) void navigate({ to: '/setup', replace: true });
    else if (session?.signed_in) void go(next, true);
  }, [session, next]);

  const form = useForm({ email: '', password: '' }, {
    check: ({ email, password }) => ({ email: checks.email(email), password: password ? undefined : t('session.password_needed') }),
    save: async ({ email, password }) => enter(await doors.signIn({ email: email.trim(), password }), next),
  });
  return (
    <Door title={t('session.sign_in_title')} text={search.next && search.next !== '/' ? t('session.sign_in_return') : undefined}>
      <form className={css.form} {...form.props}>
        {form.fault && <Banner tone="bad">{form.fault}</Banner>}
        <Input label={t('session.email')} type="email" autoComplete="username" autoFocus {...form.text('email')} />
        <PasswordField label={t('session.password')} {...form.text('password')} />
        <Button variant="primary" size="lg" type="submit" className={css.submit} busy={form.busy}>{t('session.sign_in')}</Button>
      </form>
      <p className={css.aside}>{t('session.forgot')}</p>
    </Door>
  );
}
