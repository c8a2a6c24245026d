import type { Tls } from '@/api/types';
import type { Form } from '@/api/useForm';
import { useT } from '@/lib/i18n';
import { Field, Input, Select } from '@/ui/Field';
import css from './Inbox.module.css';
import type { ServerValues } from './servers';

interface Props {
  kind: 'imap' | 'smtp';
  form: Form<ServerValues>;
  /** Host, port and security stand elsewhere. */
  onlySignIn?: boolean;
  /** The sign-in is that of the other server. */
  noSignIn?: boolean;
}

/** One mail server: host, port, security, and who signs in. */
export function ServerFields({ kind, form, onlySignIn, noSignIn }: Props) {
  const t = useT();
  const secretFault = form.errorOf(`${kind}.password`);
  const title = kind === 'imap' ? t('inboxes.receiving') : t('inboxes.sending');
  return (
    <fieldset className={css.server} aria-label={title}>
      {!onlySignIn && (
        <div className={css.two}>
          <Input label={t('inboxes.server')} autoComplete="off" autoCapitalize="none" spellCheck={false} {...form.text(`${kind}.host`)} />
          <div className={css.portLine}>
            <Input label={t('inboxes.port')} inputMode="numeric" autoComplete="off" {...form.text(`${kind}.port`)} />
            <Select<Tls>
              label={t('inboxes.security')} {...form.choice(`${kind}.tls`)}
              options={[
                { value: 'tls', label: 'TLS' }, { value: 'starttls', label: 'STARTTLS' }, { value: 'none', label: t('inboxes.no_security') },
              ]}
            />
          </div>
        </div>
      )}
      {(!noSignIn || secretFault) && (
        <div className={css.two}>
          <Input label={t('inboxes.username')} autoComplete="off" autoCapitalize="none" spellCheck={false} {...form.text(`${kind}.username`)} />
          {form.values.auth === 'password' && <Secret kind={kind} form={form} />}
        </div>
      )}
    </fieldset>
  );
}

/** A stored password is never shown; Replace makes room for another. */
function Secret({ kind, form }: { kind: 'imap' | 'smtp'; form: Form<ServerValues> }) {
  const t = useT();
  const name = `${kind}.password` as const;
  if (form.values[name] !== null) {
    return <Input label={t('inboxes.password')} type="password" autoComplete="new-password" {...form.text(name)} />;
  }
  return (
    <Field label={t('inboxes.password')} error={form.errorOf(name)}>
      {(wiring) => (
        <button type="button" {...wiring} className={css.secret} onClick={() => form.set(name, '')}>
          <span className="grow" aria-hidden="true">••••••••••••</span>
          <span className={css.replace}>{t('inboxes.replace')}</span>
        </button>
      )}
    </Field>
  );
}
