import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { sessionQuery } from '@/api/directory';
import { codeNeeded, isProblem } from '@/api/problem';
import { useForm } from '@/api/useForm';
import { useT } from '@/lib/i18n';
import { go, Link, navigate, type PageProps } from '@/lib/router';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Input } from '@/ui/Field';
import { checks } from './checks';
import { CodeField } from './CodeField';
import { Door } from './Door';
import css from './Door.module.css';
import { PasswordField } from './PasswordField';
import { doors, useEnter } from './queries';

export function SignInPage({ search }: PageProps<'/sign-in'>) {
  const t = useT();
  const enter = useEnter();
  const { data: session } = useQuery({ ...sessionQuery, staleTime: 0 });
  const [known, setKnown] = useState<{ email: string; password: string }>();
  const next = search.next ?? '/';
  useEffect(() => {
    if (session?.setup_needed) void navigate({ to: '/setup', replace: true });
    else if (session?.signed_in) void go(next, true);
  }, [session, next]);

  const form = useForm({ email: '', password: '' }, {
    check: ({ email, password }) => ({ email: checks.email(email), password: password ? undefined : t('session.password_needed') }),
    save: async ({ email, password }) => {
      const given = { email: email.trim(), password };
      try {
        await enter(await doors.signIn(given), next);
      } catch (problem) {
        if (!isProblem(problem, codeNeeded)) throw problem;
        setKnown(given);
      }
    },
  });
  if (known) return <SecondStep known={known} next={next} onBack={() => setKnown(undefined)} />;
  return (
    <Door title={t('session.sign_in_title')} text={search.next && search.next !== '/' ? t('session.sign_in_return') : undefined}>
      <form className={css.form} {...form.props}>
        {form.fault && <Banner tone="bad">{form.fault}</Banner>}
        <Input label={t('session.email')} type="email" autoComplete="username" autoFocus {...form.text('email')} />
        <PasswordField label={t('session.password')} {...form.text('password')} />
        <Button variant="primary" size="lg" type="submit" className={css.submit} busy={form.busy}>{t('session.sign_in')}</Button>
      </form>
      <Link to="/forgot-password" search={{ email: form.values.email.trim() || undefined }}>{t('session.forgot')}</Link>
    </Door>
  );
}

/** The password was right; what is asked for now stands on a device of theirs. */
function SecondStep({ known, next, onBack }: { known: { email: string; password: string }; next: string; onBack: () => void }) {
  const t = useT();
  const enter = useEnter();
  const form = useForm({ code: '' }, {
    check: ({ code }) => ({ code: code.trim() ? undefined : t('session.code_needed') }),
    save: async ({ code }) => enter(await doors.signIn({ ...known, code }), next),
  });
  return (
    <Door title={t('session.second_step')} text={t('session.second_step_text')}>
      <form className={css.form} {...form.props}>
        {form.fault && <Banner tone="bad">{form.fault}</Banner>}
        <CodeField {...form.text('code')} />
        <Button variant="primary" size="lg" type="submit" className={css.submit} busy={form.busy}>{t('session.sign_in')}</Button>
      </form>
      <p className={css.aside}>{t('session.code_lost')}</p>
      <Button variant="ghost" onClick={onBack}>{t('session.to_sign_in')}</Button>
    </Door>
  );
}
