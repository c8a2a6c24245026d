import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api/client';
import { agentsQuery, can, meQuery } from '@/api/directory';
import type { Id } from '@/api/types';
import { useForm } from '@/api/useForm';
import { useWrite } from '@/api/useWrite';
import { problemText } from '@/api/words';
import { fullTime } from '@/lib/dates';
import { useT } from '@/lib/i18n';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Input, Select } from '@/ui/Field';
import { Icon } from '@/ui/Icon';
import { consentsQuery, knownKeys, type CustomerConsent } from './known';
import css from './CustomerPage.module.css';

const purposes = ['marketing', 'transactional'] as const;
const channels = ['email', 'sms', 'phone', 'whatsapp', 'post'] as const;

/** What a customer allowed and forbade, as it counts now and as it was. */
export function Consents({ customer }: { customer: Id }) {
  const t = useT();
  const { data: me } = useQuery(meQuery);
  const { data, error } = useQuery(consentsQuery(customer));
  const [asking, setAsking] = useState(false);
  const [all, setAll] = useState(false);
  const now = new Map<string, CustomerConsent>();
  for (const one of data ?? []) {
    const key = `${one.purpose} ${one.channel}`;
    if (!now.has(key)) now.set(key, one);
  }
  const mayWrite = can(me, 'customers:write');
  const shown = all ? (data ?? []) : [...now.values()];
  return (
    <section>
      <h3 className={css.head}>
        <span>{t('customers.consents')}</span>
        {mayWrite && <button type="button" className={css.textButton} onClick={() => setAsking(true)}>{t('customers.consent_add')}</button>}
      </h3>
      {error && <Banner tone="bad">{problemText(error)}</Banner>}
      {data && !data.length && <p className={css.quiet}>{t('customers.consent_none')}</p>}
      <ul className={css.notes}>{shown.map((one) => <Said key={one.id} one={one} counts={now.get(`${one.purpose} ${one.channel}`) === one} />)}</ul>
      {(data?.length ?? 0) > now.size && <button type="button" className={css.textButton} onClick={() => setAll(!all)}>{t(all ? 'customers.consent_now' : 'customers.consent_history')}</button>}
      {asking && <Record customer={customer} onClose={() => setAsking(false)} />}
    </section>
  );
}

function Said({ one, counts }: { one: CustomerConsent; counts: boolean }) {
  const t = useT();
  const { data: agents } = useQuery(agentsQuery);
  const by = agents?.find((agent) => agent.id === one.agent_id)?.name ?? t('customers.program');
  return (
    <li className={css.consent} data-counts={counts}>
      <Icon name={one.given ? 'check' : 'stop'} size={14} className={one.given ? css.given : css.withdrawn} />
      <div className={css.saidBody}>
        <p>{t(`customers.purpose_${one.purpose}`)} · {t(`customers.channel_${one.channel}`)}: {t(one.given ? 'customers.given' : 'customers.withdrawn')}</p>
        <p className={css.quiet}>{t('customers.consent_line', { time: fullTime(one.at), source: one.source, by })}</p>
      </div>
    </li>
  );
}

const today = () => {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};

function Record({ customer, onClose }: { customer: Id; onClose: () => void }) {
  const t = useT();
  const record = useWrite((body: object) => api.post(`/customers/${customer}/consents`, { body }), { renews: [knownKeys.consents(customer)], handled: true });
  const form = useForm({ purpose: 'marketing' as (typeof purposes)[number], channel: 'email' as (typeof channels)[number], given: 'yes' as 'yes' | 'no', at: '', source: '' }, {
    check: ({ source }) => ({ source: source.trim() ? undefined : t('ui.required') }),
    save: async ({ purpose, channel, given, at, source }) => {
      await record.mutateAsync({ purpose, channel, given: given === 'yes', source: source.trim(), at: at ? new Date(at).toISOString() : undefined });
      onClose();
    },
  });
  const { purpose, channel, given } = form.values;
  return (
    <Dialog
      title={t('customers.consent_add')} onClose={onClose}
      actions={<>
        <Button variant="ghost" onClick={onClose}>{t('ui.cancel')}</Button>
        <Button variant="primary" busy={form.busy} onClick={() => void form.submit()}>{t('ui.save')}</Button>
      </>}
    >
      <form className={css.form} {...form.props}>
        {form.fault && <Banner tone="bad">{form.fault}</Banner>}
        <Select label={t('customers.purpose')} value={purpose} onChange={(next) => form.set('purpose', next)} options={purposes.map((value) => ({ value, label: t(`customers.purpose_${value}`) }))} />
        <Select label={t('customers.channel')} value={channel} onChange={(next) => form.set('channel', next)} options={channels.map((value) => ({ value, label: t(`customers.channel_${value}`) }))} />
        <Select label={t('customers.consent_is')} value={given} onChange={(next) => form.set('given', next)} options={[{ value: 'yes', label: t('customers.given') }, { value: 'no', label: t('customers.withdrawn') }]} />
        <Input label={t('customers.consent_at')} type="datetime-local" max={today()} help={t('customers.consent_at_help')} {...form.text('at')} />
        <Input label={t('customers.source')} maxLength={500} help={t('customers.source_help')} {...form.text('source')} />
        <button type="submit" hidden />
      </form>
    </Dialog>
  );
}
