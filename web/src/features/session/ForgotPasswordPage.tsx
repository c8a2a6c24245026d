import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { sessionQuery } from '@/api/directory';
import { useForm } from '@/api/useForm';
import { useT, Words } from '@/lib/i18n';
import { Link, type PageProps } from '@/lib/router';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Input } from '@/ui/Field';
import { checks } from './checks';
import { Door } from './Door';
import css from './Door.module.css';
import { doors } from './queries';

/** Asks for a mail with a link. What it says afterwards is the same for every address. */
export function ForgotPasswordPage({ search }: PageProps<'/forgot-password'>) {
  const t = useT();
  const { data: session } = useQuery(sessionQuery);
  const [sentTo, setSentTo] = useState('');
  const form = useForm({ email: search.email ?? '' }, {
    check: ({ email }) => ({ email: checks.email(email) }),
    save: async ({ email }) => {
      await doors.forgot({ email: email.trim() });
      setSentTo(email.trim());
    },
  });
  const back = <Link to="/sign-in" replace>{t('session.to_sign_in')}</Link>;
  if (session && !session.mail) return <Door title={t('session.forgot')} text={t('session.forgot_ask')}>{back}</Door>;
  if (sentTo) {
    return (
      <Door title={t('session.forgot_sent')} text={<Words id="session.forgot_sent_text" values={{ email: <bdi>{sentTo}</bdi> }} />}>
        {back}
      </Door>
    );
  }
  return (
    <Door title={t('session.forgot')} text={t('session.forgot_text')}>
      <form className={css.form} {...form.props}>
        {form.fault && <Banner tone="bad">{form.fault}</Banner>}
        <Input label={t('session.email')} type="email" autoComplete="username" autoFocus {...form.text('email')} />
        <Button variant="primary" size="lg" type="submit" className={css.submit} busy={form.busy}>{t('session.forgot_send')}</Button>
      </form>
      {back}
    </Door>
  );
}
