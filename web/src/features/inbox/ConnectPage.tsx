import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { directoryKeys } from '@/api/directory';
import type { HistoryDays } from '@/api/types';
import { useForm } from '@/api/useForm';
import { useWrite } from '@/api/useWrite';
import { problemText } from '@/api/words';
import { useT, type MessageKey } from '@/lib/i18n';
import { Link, navigate } from '@/lib/router';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Input } from '@/ui/Field';
import { Icon } from '@/ui/Icon';
import { Page, Section, Two } from '@/ui/Page';
import { Segmented } from '@/ui/Segmented';
import { toast } from '@/ui/Toast';
import { RadioCards, Switch } from '@/ui/Toggle';
import css from './Inbox.module.css';
import { inboxKeys, inboxWrites, servicesQuery } from './queries';
import { serviceOf } from './serviceNames';
import { SignInChoice } from './SignInChoice';
import { ServerFields } from './ServerFields';
import { bodyOf, preset, providerOf, serversOf, type Provider, type ServerValues } from './servers';
import { TestPanel } from './TestPanel';

interface Values extends ServerValues {
  name: string;
  address: string;
  from_name: string;
}

const providers: Provider[] = ['google', 'microsoft', 'fastmail', 'own', 'forward'];
const notes: Partial<Record<Provider, MessageKey>> = {
  google: 'inboxes.note_google', microsoft: 'inboxes.note_microsoft', fastmail: 'inboxes.note_fastmail', forward: 'inboxes.note_forward',
};
const days: HistoryDays[] = [0, 7, 30, 90];

/** Leads from an address to mail that comes in and goes out. */
export function ConnectPage() {
  const t = useT();
  const queries = useQueryClient();
  const [provider, setProvider] = useState<Provider>('own');
  const [touched, setTouched] = useState(false);
  const [detailed, setDetailed] = useState(false);
  const create = useWrite(inboxWrites.create, { renews: [directoryKeys.inboxes, directoryKeys.me, directoryKeys.counts], handled: true });
  const { data: services } = useQuery(servicesQuery);
  const tryOut = useWrite(inboxWrites.tryOut, { handled: true });

  const start: Values = { ...serversOf({}), ...preset('own', ''), 'imap.history_days': 0, 'imap.read_sent': true, 'imap.rescue': true, name: t('inboxes.usual_name'), address: '', from_name: '' };
  const form = useForm<Values>(start, {
    check: (values) => ({
      address: /^[^\s@]+@[^\s@]+$/.test(values.address.trim()) ? undefined : t('session.email_wrong'),
      name: values.name.trim() ? undefined : t('ui.required'),
      'imap.host': !values.receives || values['imap.host'].trim() ? undefined : t('ui.required'),
      'smtp.host': values['smtp.host'].trim() ? undefined : t('ui.required'),
    }),
    save: async (values) => {
      const inbox = await create.mutateAsync(whole(values));
      queries.setQueryData(inboxKeys.one(inbox.id), inbox);
      if (values.auth === 'consent') {
        const { url } = await inboxWrites.beginConsent(inbox.id);
        location.assign(url);
        return;
      }
      toast({ text: t('inboxes.connected', { name: inbox.name }) });
      await navigate({ to: '/settings/inboxes/$inboxId', params: { inboxId: String(inbox.id) }, replace: true });
    },
  });

  const choose = (next: Provider) => {
    setProvider(next);
    setTouched(true);
    setDetailed(false);
    const ready = services?.find(({ key }) => key === serviceOf(next))?.ready;
    form.change({ ...preset(next, form.values.address), ...(ready && next !== 'own' && next !== 'forward' && { auth: 'consent' as const }) });
    tryOut.reset();
  };
  // The servers follow the address until somebody sets them by hand.
  const onAddress = (address: string) => {
    form.set('address', address);
    const found = touched ? provider : providerOf(address) ?? provider;
    setProvider(found);
    const before = preset(provider, form.values.address);
    const next = preset(found, address);
    const untouched = Object.entries(next).filter(([name]) => form.values[name as keyof Values] === before[name as keyof ServerValues]);
    form.change(Object.fromEntries(untouched) as Partial<Values>);
  };
  const showServers = detailed || provider === 'own' || provider === 'forward';
  const { values } = form;
  const byConsent = values.auth === 'consent';
  const note = byConsent ? undefined : notes[provider];
  return (
    <Page
      title={t('inboxes.connect_title')} column
      lead={<span className={css.path}><Link to="/settings/inboxes">{t('settings.inboxes')}</Link><Icon name="right" size={14} /></span>}
    >
      <form className={css.form} {...form.props}>
        <RadioCards
          legend={t('inboxes.where')} columns={2} value={provider} onChange={choose}
          options={providers.map((value) => ({ value, label: t(`inboxes.provider_${value}`), help: t(`inboxes.provider_${value}_help`) }))}
        />
        {provider !== 'forward' && (
          <SignInChoice service={serviceOf(provider)} services={services} value={values.auth} onChange={(auth) => form.set('auth', auth)} />
        )}
        {note && <Banner tone="info">{t(note)}</Banner>}
        <Two>
          <Input
            label={t('session.email')} type="email" autoComplete="off" help={t('inboxes.address_help')}
            {...form.text('address')} onChange={(event) => onAddress(event.target.value)}
          />
          <Input label={t('inboxes.from_name')} help={t('inboxes.from_name_help')} autoComplete="organization" {...form.text('from_name')} />
        </Two>
        <div className={css.two}><Input label={t('inboxes.name')} help={t('inboxes.name_help')} autoComplete="off" {...form.text('name')} /></div>

        {values.receives && (
          <Section title={t('inboxes.receiving')} help={t('inboxes.receiving_text')}>
            {!showServers && <Summary values={values} onChange={() => setDetailed(true)} />}
            <ServerFields kind="imap" form={form as never} onlySignIn={!showServers} />
            <div className={css.fields}>
              <span aria-hidden="true" style={{ fontWeight: 500 }}>{t('inboxes.history')}</span>
              <div>
                <Segmented
                  label={t('inboxes.history')} value={String(values['imap.history_days'])}
                  onChange={(value) => form.set('imap.history_days', Number(value) as HistoryDays)}
                  options={days.map((count) => ({ value: String(count), label: t('inboxes.history_days', { count }) }))}
                />
              </div>
            </div>
          </Section>
        )}
        <Section
          title={t('inboxes.sending')}
          aside={values.receives && <Switch checked={values.same} onChange={(on) => form.set('same', on)}><span className="muted">{t('inboxes.same')}</span></Switch>}
        >
          {(showServers || !values.same) && <ServerFields kind="smtp" form={form as never} onlySignIn={!showServers} noSignIn={values.receives && values.same} />}
          {!showServers && values.same && <p className="muted">{t('inboxes.servers_line', { host: values['smtp.host'], port: values['smtp.port'], security: values['smtp.tls'].toUpperCase() })}</p>}
        </Section>
        {!byConsent && <TestPanel
          result={tryOut.data} busy={tryOut.isPending} fault={tryOut.error ? problemText(tryOut.error) : undefined}
          hint={values.address && values['smtp.host'] ? undefined : t('inboxes.test_first')}
          onTest={() => tryOut.mutate(whole(values), { onError: form.refuse })}
        />}
        {form.fault && <Banner tone="bad">{form.fault}</Banner>}
        <div className={css.foot}>
          <Button variant="ghost" onClick={() => void navigate({ to: '/settings/inboxes' })}>{t('ui.cancel')}</Button>
          <Button variant="primary" type="submit" busy={form.busy}>{byConsent ? t('inboxes.go_and_allow') : t('inboxes.connect_go')}</Button>
        </div>
      </form>
    </Page>
  );
}

function whole(values: Values) {
  return { channel: 'email', name: values.name.trim(), address: values.address.trim(), from_name: values.from_name.trim(), ...bodyOf(values) };
}

function Summary({ values, onChange }: { values: Values; onChange: () => void }) {
  const t = useT();
  return (
    <div className={css.summary}>
      <span className="grow trunc">{t('inboxes.servers_line', { host: values['imap.host'], port: values['imap.port'], security: values['imap.tls'].toUpperCase() })}</span>
      <Button size="sm" variant="ghost" onClick={onChange}>{t('inboxes.change_servers')}</Button>
    </div>
  );
}
