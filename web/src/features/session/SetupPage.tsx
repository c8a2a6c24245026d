import { useQuery } from '@tanstack/react-query';
import { sessionQuery } from '@/api/directory';
import { useForm } from '@/api/useForm';
import { useLocale, useT } from '@/lib/i18n';
import { Link, type PageProps } from '@/lib/router';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Input } from '@/ui/Field';
import { checks } from './checks';
import { Door } from './Door';
import css from './Door.module.css';
import { PasswordField } from './PasswordField';
import { doors, useEnter } from './queries';

/** The first page of a fresh installation: whoever holds the set-up link becomes the owner. */
export function SetupPage({ search }: PageProps<'/setup'>) {
  const t = useT();
  const { data: session } = useQuery(sessionQuery);
  if (session && !session.setup_needed) {
    return (
      <Door title={t('session.setup_done_title')} text={t('session.setup_done_text')}>
        <Link to="/sign-in" replace>{t('session.to_sign_in')}</Link>
      </Door>
    );
  }
  if (!search.token) return <Door title={t('session.setup_title')} text={t('session.setup_no_token')} />;
  return <SetupForm token={search.token} />;
}

function SetupForm({ token }: { token: string }) {
  const t = useT();
  const locale = useLocale();
  const enter = useEnter();
  const form = useForm({ name: '', email: '', password: '' }, {
    check: ({ name, email, password }) => ({ name: checks.name(name), email: checks.email(email), password: checks.password(password, email) }),
    save: async (values) => enter(await doors.setUp({ ...values, email: values.email.trim(), token, locale: spoken(locale) }), '/start'),
  });
  return (
    <Door title={t('session.setup_title')} text={t('session.setup_text')}>
      <form className={css.form} {...form.props}>
        {form.fault && <Banner tone="bad">{form.fault}</Banner>}
        <Input label={t('session.name')} autoComplete="name" autoFocus {...form.text('name')} />
        <Input label={t('session.email')} type="email" autoComplete="username" {...form.text('email')} />
        <PasswordField label={t('session.password')} choosing={[form.values.name, form.values.email]} {...form.text('password')} />
        <Button variant="primary" size="lg" type="submit" className={css.submit} busy={form.busy}>{t('session.setup_go')}</Button>
      </form>
    </Door>
  );
}

/** The language for the account; the test language is none. */
export function spoken(locale: string): string {
  return locale === 'en-XA' ? 'en' : locale;
}
