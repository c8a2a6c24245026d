import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { directoryKeys } from '@/api/directory';
import { isProblem, staleVersion } from '@/api/problem';
import type { Id, Inbox } from '@/api/types';
import { useForm } from '@/api/useForm';
import { useWaiting } from '@/api/useWaiting';
import { useWrite } from '@/api/useWrite';
import { problemText } from '@/api/words';
import { useT } from '@/lib/i18n';
import { Link, navigate, type PageProps } from '@/lib/router';
import { Awaited } from '@/ui/Awaited';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Confirm } from '@/ui/Confirm';
import { Textarea } from '@/ui/Field';
import { Icon } from '@/ui/Icon';
import { LeaveGuard } from '@/ui/LeaveGuard';
import { Page, Section } from '@/ui/Page';
import { RowBones } from '@/ui/Rows';
import { SaveBar } from '@/ui/SaveBar';
import { toast } from '@/ui/Toast';
import { AccessFields, AfterReplyFields, LookFields, MailboxFields, NameFields } from './InboxFields';
import { ConnectPage } from './ConnectPage';
import { HealthChip, HealthWords } from './HealthChip';
import { DomainPanel } from './DomainPanel';
import css from './Inbox.module.css';
import { bodyFrom, valuesOf } from './values';
import { inboxKeys, inboxQuery, inboxWrites } from './queries';
import { serverFields } from './servers';
import { TestPanel } from './TestPanel';

export function InboxSettingsPage({ params }: PageProps<'/settings/inboxes/$inboxId'>) {
  if (params.inboxId === 'new') return <ConnectPage />;
  return <OneInbox key={params.inboxId} id={Number(params.inboxId)} />;
}

function OneInbox({ id }: { id: Id }) {
  const t = useT();
  const inbox = useWaiting(inboxQuery(id));
  return (
    <Page
      title={inbox.data?.address ?? ''} column actions={<HealthChip id={id} />}
      lead={<span className={css.path}><Link to="/settings/inboxes">{t('settings.inboxes')}</Link><Icon name="right" size={14} /></span>}
    >
      <Awaited of={inbox} bones={<RowBones count={5} lead={false} />}>
        {(data) => (data.archived_at ? <Banner tone="info">{t('inboxes.is_archived')}</Banner> : <Settings inbox={data} />)}
      </Awaited>
    </Page>
  );
}

function Settings({ inbox }: { inbox: Inbox }) {
  const t = useT();
  const queries = useQueryClient();
  const change = useWrite(inboxWrites.change, { renews: [directoryKeys.inboxes, directoryKeys.me], handled: true });
  const test = useWrite(inboxWrites.test, { renews: [inboxKeys.health(inbox.id)], handled: true });
  const form = useForm(valuesOf(inbox), {
    check: (values) => ({
      name: values.name.trim() ? undefined : t('ui.required'),
      address: /^[^\s@]+@[^\s@]+$/.test(values.address.trim()) ? undefined : t('session.email_wrong'),
      'imap.host': !values.receives || values['imap.host'].trim() ? undefined : t('ui.required'),
      reopen_days: /^\d{1,4}$/.test(values.reopen_days.trim()) ? undefined : t('inboxes.reopen_wrong'),
    }),
    save: async (values) => {
      const fresh = await change.mutateAsync({ id: inbox.id, version: inbox.version, ...bodyFrom(values) });
      queries.setQueryData(inboxKeys.one(inbox.id), fresh);
      toast({ text: t('ui.saved') });
      if (serversChanged && (fresh.imap?.host || fresh.smtp?.host)) test.mutate(inbox.id);
    },
  });
  const serversChanged = form.changed.some((name) => (serverFields as readonly string[]).includes(name));
  const hasServers = Boolean(inbox.imap?.host || inbox.smtp?.host);
  const isStale = isProblem(change.error, staleVersion);
  return (
    <>
      <form className={css.form} {...form.props}>
        <HealthWords id={inbox.id} noIdle />
        {form.fault && (
          <Banner tone="bad" actions={isStale && <Button size="sm" onClick={() => void queries.invalidateQueries({ queryKey: inboxKeys.one(inbox.id) })}>{t('inboxes.load_newest')}</Button>}>
            {form.fault}
          </Banner>
        )}
        <MailboxFields form={form} />
        <TestPanel
          result={test.data} busy={test.isPending} fault={test.error ? problemText(test.error) : undefined}
          hint={serversChanged ? t('inboxes.test_after_save') : hasServers ? undefined : t('inboxes.test_no_servers')}
          onTest={() => test.mutate(inbox.id)}
        />
        <NameFields form={form} />
        <LookFields form={form} />
        <Section title={t('domains.title')} help={t('domains.text')}>
          <DomainPanel id={inbox.id} />
          <Textarea label={t('domains.trusted')} help={t('domains.trusted_help')} rows={2} autoComplete="off" {...form.text('trusted_authserv_ids')} />
        </Section>
        <AfterReplyFields form={form} />
        <AccessFields form={form} />
      </form>
      <Archive inbox={inbox} />
      {form.dirty && (
        <SaveBar
          text={serversChanged ? t('inboxes.servers_changed') : undefined} saveLabel={serversChanged ? t('inboxes.save_and_test') : undefined}
          busy={form.busy} onSave={() => void form.submit()} onDiscard={form.reset}
        />
      )}
      <LeaveGuard when={form.dirty} />
    </>
  );
}

function Archive({ inbox }: { inbox: Inbox }) {
  const t = useT();
  const [asking, setAsking] = useState(false);
  const archive = useWrite(inboxWrites.archive, { renews: [directoryKeys.inboxes, directoryKeys.counts] });
  const go = () =>
    archive.mutate(inbox.id, {
      onSuccess: () => {
        toast({ text: t('inboxes.was_archived', { name: inbox.name }) });
        void navigate({ to: '/settings/inboxes' });
      },
    });
  return (
    <Section title={t('inboxes.archive_title')}>
      <div className={css.danger}>
        <p className="muted grow">{t('inboxes.archive_text')}</p>
        <Button variant="danger" busy={archive.isPending} onClick={() => setAsking(true)}>{t('inboxes.archive')}</Button>
      </div>
      {asking && (
        <Confirm
          title={t('inboxes.archive_ask', { name: inbox.name })} text={t('inboxes.archive_text')} label={t('inboxes.archive')}
          typed={{ name: inbox.name, label: t('inboxes.archive_type', { name: inbox.name }) }} onYes={go} onClose={() => setAsking(false)}
        />
      )}
    </Section>
  );
}
