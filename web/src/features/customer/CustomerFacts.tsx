import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Suspense, useState, type ReactNode } from 'react';
import { api } from '@/api/client';
import { can, meQuery } from '@/api/directory';
import type { Customer, Id } from '@/api/types';
import { problemText } from '@/api/words';
import { fullTime } from '@/lib/dates';
import { useLocale, useT } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazyPart';
import { Link } from '@/lib/router';
import { Avatar } from '@/ui/Avatar';
import { Button } from '@/ui/Button';
import { Icon } from '@/ui/Icon';
import { IconButton } from '@/ui/IconButton';
import { Patient, Skeleton } from '@/ui/Skeleton';
import { toast } from '@/ui/Toast';
import { tip } from '@/ui/Tooltip';
import { Earlier } from './Earlier';
import { customerKeys, customerQuery } from './queries';
import css from './CustomerPanel.module.css';

// The column beside a conversation shows; the customer's page also changes.
const EditAttributes = lazyPart(() => import('./EditAttributes').then((m) => m.EditAttributes));
const IdentityForm = lazyPart(() => import('./IdentityForm').then((m) => m.IdentityForm));
const RemoveIdentity = lazyPart(() => import('./IdentityForm').then((m) => m.RemoveIdentity));

/** The fields that the shop defined for its customers: which attributes they are, and how they are shown. */
export interface CustomerFieldsSlot {
  keys: readonly string[];
  label: (key: string) => string | undefined;
  show: (customer: Customer) => ReactNode;
}

/** Everything known of a customer that belongs beside a conversation. */
export function CustomerFacts({ id, name, current, page, between, fields }: {
  id: Id;
  name: string;
  current?: Id;
  page?: boolean;
  /** What belongs between the addresses and the rest. */
  between?: ReactNode;
  fields?: CustomerFieldsSlot;
}) {
  const t = useT();
  const { data: customer, error, refetch } = useQuery(customerQuery(id));
  const { data: me } = useQuery(meQuery);
  const mayWrite = can(me, 'customers:write');
  return (
    <>
      <div className={css.who}>
        <Avatar name={name} seed={id} size={36} />
        <div className="grow">
          <div className={css.name}>
            {page ? <bdi className="trunc">{name}</bdi> : <Link to="/customers/$customerId" params={{ customerId: String(id) }} className={css.nameLink}><bdi className="trunc">{name}</bdi></Link>}
            {customer?.identities.some((one) => one.verified) && <span {...tip(t('customer.verified'))}><Icon name="seal" size={14} className={css.seal} label={t('customer.verified')} /></span>}
          </div>
          {customer && <SinceLine customer={customer} />}
        </div>
      </div>
      {error && !customer && <div className={css.failed} role="alert">{problemText(error)} <Button size="sm" onClick={() => void refetch()}>{t('error.retry')}</Button></div>}
      {!customer && !error && <Patient label={t('ui.loading')}><Skeleton width="70%" /><Skeleton width="50%" /></Patient>}
      {customer && <Identities customer={customer} page={page} />}
      {between}
      {customer && fields?.show(customer)}
      {customer && page && mayWrite && <Suspense><EditAttributes customer={customer} without={fields?.keys ?? []} /></Suspense>}
      {customer && !(page && mayWrite) && <Attributes customer={customer} without={fields?.keys ?? []} />}
      {customer && <Notes key={customer.id} customer={customer} />}
      {!page && <Earlier customer={customer?.id ?? id} current={current} hidden={customer?.hidden_conversations ?? 0} />}
    </>
  );
}

function SinceLine({ customer }: { customer: Customer }) {
  const t = useT();
  const locale = useLocale();
  const language = customer.locale ? new Intl.DisplayNames([locale === 'en-XA' ? 'en' : locale], { type: 'language' }).of(customer.locale) : undefined;
  const since = t('customer.since', { date: new Date(customer.created_at) });
  return <div className={css.since} title={fullTime(customer.created_at)}>{language ? `${since} · ${language}` : since}</div>;
}

const icons = { email: 'mail', phone: 'phone', handle: 'at' } as const;

function Identities({ customer, page }: { customer: Customer; page?: boolean }) {
  const t = useT();
  const { data: me } = useQuery(meQuery);
  const edits = page && can(me, 'customers:write');
  const copy = (value: string) => navigator.clipboard.writeText(value).then(() => toast({ text: t('customer.copied', { value }) }), () => undefined);
  return (
    <div>
      <ul className={css.identities}>
      {customer.identities.map((one) => (
        <li key={one.id}>
          <Icon name={icons[one.kind]} size={14} />
          <bdi className="grow trunc">{one.value}</bdi>
          {one.verified && <Icon name="check" size={12} className={css.ok} label={t('customer.verified')} />}
          {!one.verified && one.kind === 'email' && <span className={css.unproved} {...tip(t('customer.unverified_text'))}>{t('customer.unverified')}</span>}
          <IconButton icon="copy" size={14} label={t('customer.copy', { value: one.value })} onClick={() => void copy(one.value)} />
          {edits && <Suspense><RemoveIdentity customer={customer} identity={one} /></Suspense>}
          {one.bounced_at && <p className={css.trouble} title={one.bounce_reason}><Icon name="warn" size={12} />{t('customer.bounced', { time: fullTime(one.bounced_at) })}</p>}
          {one.complained_at && <p className={css.trouble}><Icon name="flag" size={12} />{t('customer.complained', { time: fullTime(one.complained_at) })}</p>}
        </li>
      ))}
    </ul>
    {edits && <Suspense><IdentityForm key={customer.id} customer={customer} /></Suspense>}
    </div>
  );
}

function Attributes({ customer, without }: { customer: Customer; without: readonly string[] }) {
  const t = useT();
  const facts = Object.entries(customer.attributes).filter(([name, value]) => !without.includes(name) && value !== null && typeof value !== 'object');
  if (!facts.length) return null;
  return (
    <section>
      <h3 className={css.head}>{t('customer.attributes')}</h3>
      <dl className={css.attributes}>
        {facts.map(([name, value]) => <div key={name}><dt><bdi>{name}</bdi></dt><dd><bdi>{String(value)}</bdi></dd></div>)}
      </dl>
    </section>
  );
}

function Notes({ customer }: { customer: Customer }) {
  const t = useT();
  const queries = useQueryClient();
  const { data: me } = useQuery(meQuery);
  const [text, setText] = useState<string>();
  const save = useMutation({
    mutationFn: (notes: string) => api.patch<Customer>(`/customers/${customer.id}`, { body: { notes } }),
    onSuccess: (_answer, notes) => {
      queries.setQueryData<Customer>(customerKeys.one(customer.id), (now) => now && { ...now, notes });
      void queries.invalidateQueries({ queryKey: customerKeys.one(customer.id) });
      setText(undefined);
    },
  });
  const mayWrite = can(me, 'customers:write');
  if (!mayWrite && !customer.notes) return null;
  const done = () => {
    if (text === undefined || text === customer.notes) setText(undefined);
    else save.mutate(text);
  };
  return (
    <section>
      <h3 className={css.head}>{t('customer.notes')}</h3>
      <textarea
        className={css.notes} rows={1} aria-label={t('customer.notes')} placeholder={t('customer.notes_placeholder')} readOnly={!mayWrite} maxLength={20_000} dir="auto"
        value={text ?? customer.notes} onChange={(event) => setText(event.target.value)} onBlur={done}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            setText(undefined);
            event.currentTarget.blur();
          } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            event.preventDefault();
            event.currentTarget.blur();
          }
        }}
      />
      {save.isPending && <p className={css.hint} role="status">{t('composer.saving')}</p>}
    </section>
  );
}
