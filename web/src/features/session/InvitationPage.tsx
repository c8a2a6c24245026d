import { useForm } from '@/api/useForm';
import { useWaiting } from '@/api/useWaiting';
import { useLocale, useT, Words } from '@/lib/i18n';
import { Link, type PageProps } from '@/lib/router';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Input } from '@/ui/Field';
import { Patient, Skeleton } from '@/ui/Skeleton';
import { checks } from './checks';
import { Door } from './Door';
import css from './Door.module.css';
import { PasswordField } from './PasswordField';
import { doors, invitationQuery, useEnter, type InvitationCheck } from './queries';
import { spoken } from './SetupPage';

export function InvitationPage({ search }: PageProps<'/invitation'>) {
  const t = useT();
  const token = search.token ?? '';
  const { data: invitation, trouble } = useWaiting(invitationQuery(token));
  if (invitation) return <AcceptForm token={token} invitation={invitation} />;
  if (trouble) {
    return (
      <Door title={t('session.invitation_gone')} text={trouble.text}>
        <Link to="/sign-in" replace>{t('session.to_sign_in')}</Link>
      </Door>
    );
  }
  return <Door title={t('session.invitation')}><Patient label={t('ui.loading')}><Skeleton height={120} /></Patient></Door>;
}

function AcceptForm({ token, invitation }: { token: string; invitation: InvitationCheck }) {
  const t = useT();
  const locale = useLocale();
  const enter = useEnter();
  const form = useForm({ name: invitation.name, password: '' }, {
    check: ({ name, password }) => ({ name: checks.name(name), password: checks.password(password, invitation.email) }),
    save: async (values) => enter(await doors.accept({ ...values, token, locale: spoken(locale) }), '/'),
  });
  return (
    <Door
      title={t('session.invitation')}
      text={<Words id="session.invitation_text" values={{ email: <bdi>{invitation.email}</bdi>, role: <bdi>{invitation.role_name}</bdi> }} />}
    >
      <form className={css.form} {...form.props}>
        {form.fault && <Banner tone="bad">{form.fault}</Banner>}
        <input type="hidden" autoComplete="username" value={invitation.email} readOnly />
        <Input label={t('session.name')} autoComplete="name" autoFocus {...form.text('name')} />
        <PasswordField label={t('session.password')} choosing={[form.values.name, invitation.email]} {...form.text('password')} />
        <Button variant="primary" size="lg" type="submit" className={css.submit} busy={form.busy}>{t('session.join')}</Button>
      </form>
    </Door>
  );
}
