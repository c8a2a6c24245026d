import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api/client';
import { directoryKeys, inboxesQuery } from '@/api/directory';
import type { Answer, Sent } from '@/api/schema';
import type { Tls } from '@/api/types';
import { useForm, type Form } from '@/api/useForm';
import { useWaiting } from '@/api/useWaiting';
import { useWrite } from '@/api/useWrite';
import { problemText } from '@/api/words';
import { fullTime, relativeTime } from '@/lib/dates';
import { useT } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { Awaited } from '@/ui/Awaited';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Confirm } from '@/ui/Confirm';
import { Input, Select } from '@/ui/Field';
import { LeaveGuard } from '@/ui/LeaveGuard';
import { Page, Section, Two } from '@/ui/Page';
import { RowBones } from '@/ui/Rows';
import { SaveBar } from '@/ui/SaveBar';
import { toast } from '@/ui/Toast';
import { RadioCards } from '@/ui/Toggle';
import css from './Inbox.module.css';
import type { TestResult } from './queries';
import { ServerFields } from './ServerFields';
import type { ServerValues } from './servers';
import { TestPanel } from './TestPanel';

type Sender = Answer<'/settings/mail-sender'>;
type SenderBody = Sent<'/settings/mail-sender', 'put'>;

const senderKey = ['settings', 'sender'] as const;
const senderQuery = queryOptions({ queryKey: senderKey, queryFn: ({ signal }) => api.get<Sender>('/settings/mail-sender', { signal }), staleTime: 0 });
const writes = {
  save: (body: SenderBody) => api.put<Sender>('/settings/mail-sender', { body }),
  remove: () => api.delete('/settings/mail-sender'),
  test: (body: SenderBody) => api.post<TestResult>('/settings/mail-sender/test', { body }),
};

/** The account from which the installation itself writes: invitations, forgotten passwords, notices. */
export function SenderPage() {
  const t = useT();
  const sender = useWaiting(senderQuery);
  return (
    <Page title={t('settings.sender')} column>
      <p className="muted">{t('sender.text')}</p>
      <Awaited of={sender} bones={<RowBones count={4} lead={false} />}>{(data) => <Settings sender={data} />}</Awaited>
    </Page>
  );
}

interface Values {
  via: 'inbox' | 'smtp';
  inbox_id: string;
  address: string;
  name: string;
  'smtp.host': string;
  'smtp.port': string;
  'smtp.tls': Tls;
  'smtp.username': string;
  'smtp.password': string | null;
}

function valuesOf({ inbox_id, address, name, smtp }: Sender): Values {
  return {
    via: inbox_id || !smtp ? 'inbox' : 'smtp', inbox_id: String(inbox_id || ''), address, name,
    'smtp.host': smtp?.host ?? '', 'smtp.port': String(smtp?.port || 587), 'smtp.tls': (smtp?.tls || 'starttls') as Tls,
    'smtp.username': smtp?.username ?? '', 'smtp.password': smtp?.password_set ? null : '',
  };
}

function bodyOf(values: Values): SenderBody {
  if (values.via === 'inbox') return { inbox_id: Number(values.inbox_id), name: values.name.trim() };
  const password = values['smtp.password'];
  return {
    address: values.address.trim(), name: values.name.trim(),
    smtp: {
      host: values['smtp.host'].trim(), port: Number(values['smtp.port']) || 0, tls: values['smtp.tls'], username: values['smtp.username'].trim(),
      ...(password !== null && { password }),
    },
  };
}

function Settings({ sender }: { sender: Sender }) {
  const t = useT();
  const queries = useQueryClient();
  const { data: inboxes = [] } = useQuery(inboxesQuery);
  const able = inboxes.filter(({ smtp }) => smtp?.host);
  const [leaving, setLeaving] = useState(false);
  const renews = [senderKey, directoryKeys.session];
  const save = useWrite(writes.save, { renews, handled: true });
  const remove = useWrite(writes.remove, { renews });
  const test = useWrite(writes.test, { handled: true });
  const start = valuesOf(sender);
  if (!start.inbox_id && able[0]) start.inbox_id = String(able[0].id);
  const form = useForm(start, {
    check: (values) => ({
      inbox_id: values.via !== 'inbox' || values.inbox_id ? undefined : t('sender.no_inbox'),
      address: values.via === 'inbox' || /^[^\s@]+@[^\s@]+$/.test(values.address.trim()) ? undefined : t('session.email_wrong'),
      'smtp.host': values.via === 'inbox' || values['smtp.host'].trim() ? undefined : t('ui.required'),
    }),
    save: async (values) => {
      queries.setQueryData(senderKey, await save.mutateAsync(bodyOf(values)));
      toast({ text: t('ui.saved') });
    },
  });
  const { via } = form.values;
  const isSet = Boolean(sender.inbox_id || sender.smtp);
  return (
    <>
      <Health sender={sender} isSet={isSet} />
      <form className={css.form} {...form.props}>
        {form.fault && <Banner tone="bad">{form.fault}</Banner>}
        <Section title={t('sender.account')}>
          <RadioCards
            legend={t('sender.via')} columns={2} value={via} onChange={(next) => form.set('via', next)}
            options={[
              { value: 'inbox', label: t('sender.via_inbox'), help: t('sender.via_inbox_help') },
              { value: 'smtp', label: t('sender.via_smtp'), help: t('sender.via_smtp_help') },
            ]}
          />
          {via === 'inbox' ? (
            <Two>
              <Select
                label={t('sender.inbox')} {...form.choice('inbox_id')} help={able.length === 0 ? t('sender.no_inbox') : undefined}
                options={able.map(({ id, name, address }) => ({ value: String(id), label: `${name} (${address})` }))}
              />
              <Input label={t('sender.name')} help={t('sender.name_help')} autoComplete="off" {...form.text('name')} />
            </Two>
          ) : (
            <>
              <Two>
                <Input label={t('sender.address')} help={t('sender.address_help')} type="email" autoComplete="off" {...form.text('address')} />
                <Input label={t('sender.name')} help={t('sender.name_help')} autoComplete="off" {...form.text('name')} />
              </Two>
              <ServerFields kind="smtp" form={form as unknown as Form<ServerValues>} />
            </>
          )}
        </Section>
        <TestPanel
          result={test.data} busy={test.isPending} fault={test.error ? problemText(test.error) : undefined}
          hint={via === 'inbox' && !form.values.inbox_id ? t('sender.no_inbox') : undefined} text={t('sender.test_text')}
          onTest={() => test.mutate(bodyOf(form.values))}
        />
        {!isSet && <div><Button type="submit" variant="primary" busy={form.busy}>{t('sender.connect')}</Button></div>}
      </form>
      {isSet && (
        <Section title={t('sender.remove')} help={t('sender.remove_text')}>
          <div><Button variant="danger" onClick={() => setLeaving(true)}>{t('sender.remove')}</Button></div>
        </Section>
      )}
      {leaving && (
        <Confirm
          title={t('sender.remove')} text={t('sender.remove_text')} label={t('sender.remove')}
          onYes={() => remove.mutate(undefined, { onSuccess: () => form.reset() })} onClose={() => setLeaving(false)}
        />
      )}
      {isSet && form.dirty && <SaveBar busy={form.busy} onSave={() => void form.submit()} onDiscard={form.reset} />}
      <LeaveGuard when={isSet && form.dirty} />
    </>
  );
}

function Health({ sender, isSet }: { sender: Sender; isSet: boolean }) {
  const t = useT();
  const now = useNow();
  if (!isSet) return <Banner tone="info">{t('sender.none')}</Banner>;
  if (!sender.ready) return <Banner tone="bad">{t('sender.not_ready')}</Banner>;
  if (sender.last_error && sender.last_error_at) {
    return <Banner tone="bad">{t('sender.failed', { reason: sender.last_error, ago: relativeTime(sender.last_error_at, now) })}</Banner>;
  }
  if (!sender.last_success_at) return null;
  return <p className="muted" title={fullTime(sender.last_success_at)}>{t('sender.sent', { ago: relativeTime(sender.last_success_at, now) })}</p>;
}
