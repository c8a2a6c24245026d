import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { meQuery } from '@/api/directory';
import type { Me } from '@/api/types';
import { useForm } from '@/api/useForm';
import { localeNames, locales, useT } from '@/lib/i18n';
import { Banner } from '@/ui/Banner';
import { Input, Select, Textarea } from '@/ui/Field';
import { LeaveGuard } from '@/ui/LeaveGuard';
import { Page, Section, Two } from '@/ui/Page';
import { SaveBar } from '@/ui/SaveBar';
import { Segmented } from '@/ui/Segmented';
import { toast } from '@/ui/Toast';
import { Switch } from '@/ui/Toggle';
import { PasswordForm } from './PasswordForm';
import css from './ProfilePage.module.css';
import { useEditMe, type MeChange } from './queries';
import { SecondStep } from './SecondStep';
import { SessionList } from './SessionList';

/** What is mine: name, looks, keys, what I am told, password, sessions. */
export function ProfilePage({ notifications }: { notifications?: ReactNode }) {
  const t = useT();
  const { data: me } = useQuery(meQuery);
  return <Page title={t('settings.me')} column>{me && <Profile me={me} notifications={notifications} />}</Page>;
}

function Profile({ me, notifications }: { me: Me; notifications: ReactNode }) {
  const t = useT();
  const { mutateAsync } = useEditMe();
  const form = useForm({ name: me.name, signature: me.signature }, {
    check: ({ name }) => ({ name: name.trim() ? undefined : t('ui.required') }),
    save: (values) => mutateAsync(values),
  });
  return (
    <>
      <Section title={t('profile.about')}>
        <form className={css.fields} {...form.props}>
          {form.fault && <Banner tone="bad">{form.fault}</Banner>}
          <Two>
            <Input label={t('profile.name')} help={t('profile.name_help')} autoComplete="name" {...form.text('name')} />
            <Input label={t('session.email')} value={me.email} readOnly disabled />
          </Two>
          <Textarea label={t('profile.signature')} help={t('profile.signature_help')} rows={3} {...form.text('signature')} />
        </form>
      </Section>
      <Looks me={me} />
      {notifications}
      <Section title={t('profile.password')}><PasswordForm email={me.email} /></Section>
      <SecondStep />
      <Section title={t('profile.sessions')} help={t('profile.sessions_help')}><SessionList /></Section>
      {form.dirty && <SaveBar busy={form.busy} onSave={() => void form.submit()} onDiscard={form.reset} />}
      <LeaveGuard when={form.dirty} />
    </>
  );
}

// Each of these is saved at once and can be taken back.
function Looks({ me }: { me: Me }) {
  const t = useT();
  const { mutate } = useEditMe();
  const change = <K extends keyof MeChange & keyof Me>(name: K, value: MeChange[K]) => {
    const before = me[name] as MeChange[K];
    mutate({ [name]: value }, { onSuccess: () => toast({ text: t('ui.saved'), undo: () => mutate({ [name]: before }) }) });
  };
  return (
    <>
      <Section title={t('profile.looks')}>
        <div className={css.lines}>
          <Line label={t('profile.theme')}>
            <Segmented
              label={t('profile.theme')} value={me.theme} onChange={(theme) => change('theme', theme)}
              options={[
                { value: 'auto', label: t('profile.theme_auto') }, { value: 'light', label: t('profile.theme_light') },
                { value: 'dark', label: t('profile.theme_dark') },
              ]}
            />
          </Line>
          <Line label={t('profile.density')}>
            <Segmented
              label={t('profile.density')} value={me.density} onChange={(density) => change('density', density)}
              options={[{ value: 'comfortable', label: t('profile.density_comfortable') }, { value: 'compact', label: t('profile.density_compact') }]}
            />
          </Line>
          <Line label={t('ui.language')}>
            <Select
              label={t('ui.language')} hideLabel value={me.locale} onChange={(locale) => change('locale', locale)}
              options={locales.map((value) => ({ value, label: localeNames[value] }))}
            />
          </Line>
        </div>
      </Section>
      <Section title={t('profile.work')}>
        <div className={css.lines}>
          <Line label={t('profile.undo')} help={t('profile.undo_help')}>
            <Select
              label={t('profile.undo')} hideLabel value={String(me.undo_seconds)} onChange={(seconds) => change('undo_seconds', Number(seconds))}
              options={undoChoices(me.undo_seconds).map((seconds) => ({
                value: String(seconds), label: seconds ? t('profile.seconds', { count: seconds }) : t('profile.undo_never'),
              }))}
            />
          </Line>
          <Switch checked={me.single_key_shortcuts} help={t('profile.single_keys_help')} onChange={(on) => change('single_key_shortcuts', on)}>
            {t('profile.single_keys')}
          </Switch>
          <Switch checked={me.plain_replies} help={t('profile.plain_help')} onChange={(on) => change('plain_replies', on)}>{t('profile.plain')}</Switch>
        </div>
      </Section>
    </>
  );
}

function undoChoices(now: number): number[] {
  return [...new Set([0, 5, 10, 15, 20, 30, now])].sort((a, b) => a - b);
}

function Line({ label, help, children }: { label: string; help?: string; children: React.ReactNode }) {
  return (
    <div className={css.line}>
      <div className="grow">
        <span aria-hidden="true">{label}</span>
        {help && <p className={css.help}>{help}</p>}
      </div>
      <div className={css.control}>{children}</div>
    </div>
  );
}
