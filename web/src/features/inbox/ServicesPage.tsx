import { useState } from 'react';
import { useForm } from '@/api/useForm';
import { useWaiting } from '@/api/useWaiting';
import { useWrite } from '@/api/useWrite';
import { useT } from '@/lib/i18n';
import { Awaited } from '@/ui/Awaited';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Chip } from '@/ui/Chip';
import { CopyLine } from '@/ui/CopyLine';
import { Dialog } from '@/ui/Dialog';
import { Field, Input } from '@/ui/Field';
import { Icon } from '@/ui/Icon';
import { Page } from '@/ui/Page';
import { Row, RowBones, Rows } from '@/ui/Rows';
import css from './Inbox.module.css';
import { inboxKeys, inboxWrites, servicesQuery, type SignInService } from './queries';
import { serviceName } from './serviceNames';

/** Where owners of mailboxes allow their use: Google, Microsoft and others, each with a client of the shop's own. */
export function ServicesPage() {
  const t = useT();
  const services = useWaiting(servicesQuery);
  const [open, setOpen] = useState<SignInService>();
  return (
    <Page title={t('settings.sign_in_services')} column>
      <p className="muted">{t('services.text')}</p>
      <Awaited of={services} bones={<RowBones />}>
        {(all) => (
          <Rows label={t('settings.sign_in_services')}>
            {all.map((service) => (
              <Row
                key={service.key} lead={<Icon name="lock" size={20} className="muted" />} title={serviceName(service.key)} onOpen={() => setOpen(service)}
                detail={service.client_id ? <bdi>{service.client_id}</bdi> : t(`services.${service.key}_help`)} stacks
                end={service.ready ? <Chip tone="ok" icon="check">{t('services.ready')}</Chip> : <Chip tone="fill">{t('services.not_ready')}</Chip>}
              />
            ))}
          </Rows>
        )}
      </Awaited>
      {open && <ServiceDialog service={open} onClose={() => setOpen(undefined)} />}
    </Page>
  );
}

function ServiceDialog({ service, onClose }: { service: SignInService; onClose: () => void }) {
  const t = useT();
  const write = useWrite(inboxWrites.setService, { renews: [inboxKeys.services], handled: true });
  const start = {
    client_id: service.client_id, client_secret: service.secret_set ? null : ('' as string | null), authorize_url: service.authorize_url,
    token_url: service.token_url, scopes: service.scopes.join(' '),
  };
  const form = useForm(start, {
    save: async ({ client_secret, scopes, ...rest }) => {
      await write.mutateAsync({
        key: service.key, ...rest, scopes: scopes.split(/\s+/).filter(Boolean),
        ...(client_secret !== null && { client_secret }),
      });
      onClose();
    },
  });
  return (
    <Dialog
      wide title={serviceName(service.key)} onClose={onClose}
      actions={
        <>
          <Button variant="ghost" onClick={onClose}>{t('ui.cancel')}</Button>
          <Button variant="primary" busy={form.busy} onClick={() => void form.submit()}>{t('ui.save')}</Button>
        </>
      }
    >
      <form className={css.fields} {...form.props}>
        {form.fault && <Banner tone="bad">{form.fault}</Banner>}
        <p className="muted">{t(`services.${service.key}_steps`)}</p>
        <Field label={t('services.redirect')}>{() => <CopyLine label={t('services.redirect')} text={service.redirect_url} />}</Field>
        <Input label={t('services.client_id')} help={t('services.client_id_help')} autoComplete="off" spellCheck={false} {...form.text('client_id')} />
        {form.values.client_secret !== null ? (
          <Input label={t('services.client_secret')} type="password" autoComplete="new-password" {...form.text('client_secret')} />
        ) : (
          <Field label={t('services.client_secret')} error={form.errorOf('client_secret')}>
            {(wiring) => (
              <button type="button" {...wiring} className={css.secret} onClick={() => form.set('client_secret', '')}>
                <span className="grow" aria-hidden="true">••••••••••••</span>
                <span className={css.replace}>{t('inboxes.replace')}</span>
              </button>
            )}
          </Field>
        )}
        <Input label={t('services.authorize_url')} type="url" autoComplete="off" spellCheck={false} {...form.text('authorize_url')} />
        <Input label={t('services.token_url')} type="url" autoComplete="off" spellCheck={false} {...form.text('token_url')} />
        <Input label={t('services.scopes')} help={t('services.scopes_help')} autoComplete="off" spellCheck={false} {...form.text('scopes')} />
      </form>
    </Dialog>
  );
}
