import { useQuery } from '@tanstack/react-query';
import { Suspense, useEffect, useRef, useState } from 'react';
import { can, meQuery } from '@/api/directory';
import type { Customer } from '@/api/types';
import { problemText } from '@/api/words';
import { fullTime } from '@/lib/dates';
import { useT } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazyPart';
import { Link, navigate, type PageProps } from '@/lib/router';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { IconButton } from '@/ui/IconButton';
import { Menu, type MenuItem } from '@/ui/Menu';
import { Page } from '@/ui/Page';
import { Segmented } from '@/ui/Segmented';
import { Consents } from './Consents';
import { CustomerFacts, type CustomerFieldsSlot } from './CustomerFacts';
import { CustomerFiles } from './CustomerFiles';
import { CustomerNotes } from './CustomerNotes';
import { EraseDialog, ExportDialog, HoldBanner, HoldDialog } from './Privacy';
import { customerQuery } from './queries';
import { MergedPeople, Suggestions } from './SamePerson';
import { Timeline } from './Timeline';
import css from './CustomerPage.module.css';
import panel from './CustomerPanel.module.css';

const MergeCustomers = lazyPart(() => import('./MergeCustomers').then((m) => m.MergeCustomers));

type Layer = 'merge' | 'export' | 'hold' | 'erase';

/** One customer: everything said with them, their files, and what is known of them. */
export function CustomerPage({ params, fields }: PageProps<'/customers/$customerId'> & { fields?: CustomerFieldsSlot }) {
  const t = useT();
  const id = Number(params.customerId);
  const { data: me } = useQuery(meQuery);
  const { data: customer, error, refetch } = useQuery(customerQuery(id));
  const [layer, setLayer] = useState<Layer>();
  const [other, setOther] = useState<Customer>();
  const moved = customer && customer.id !== id ? customer.id : 0;
  useEffect(() => {
    if (moved) void navigate({ to: '/customers/$customerId', params: { customerId: String(moved) }, replace: true });
  }, [moved]);
  if (error && !customer) {
    return (
      <Page title={t('nav.customer')} column>
        <EmptyState title={t('error.page_title')} actions={<Button onClick={() => void refetch()}>{t('error.retry')}</Button>}>{problemText(error)}</EmptyState>
      </Page>
    );
  }
  const erased = Boolean(customer?.erased_at);
  const name = customer ? customer.name || customer.identities[0]?.value || t(erased ? 'privacy.erased_name' : 'nav.customer') : '';
  const label = (attribute: string) => fields?.label(attribute);
  const merge = (one?: Customer) => {
    setOther(one);
    setLayer('merge');
  };
  const close = () => setLayer(undefined);
  const mayStart = can(me, 'conversations:reply') && customer?.identities.some((one) => one.kind === 'email');
  return (
    <Page
      title={<><Link to="/customers" className={panel.crumb}>{t('nav.customers')}</Link> / <bdi>{name}</bdi></>}
      actions={customer && !erased && <>
        {mayStart && <Button size="sm" icon="compose" onClick={() => void navigate({ to: '/new', search: { to: customer.identities.find((one) => one.kind === 'email')!.value } })}>{t('customers.write')}</Button>}
        {can(me, 'customers:merge') && <Button size="sm" onClick={() => merge()}>{t('merge.people')}</Button>}
        <Rights onChoose={setLayer} />
      </>}
    >
      <div className={css.columns}>
        <div className={css.main}>
          {name && <h2 className="sr">{name}</h2>}
          {erased && <Banner tone="info" icon="lock">{t('privacy.erased', { time: fullTime(customer!.erased_at!) })}</Banner>}
          {customer && !erased && <HoldBanner customer={customer} />}
          {customer && !erased && <Suggestions customer={customer} onMerge={merge} />}
          {customer && !erased && <Said key={customer.id} customer={customer} />}
        </div>
        <div className={css.facts}>
          {customer && !erased && <CustomerFacts id={customer.id} name={name} page fields={fields} />}
          {customer && !erased && <CustomerNotes key={customer.id} customer={customer.id} />}
          {customer && !erased && <Consents key={`consents ${customer.id}`} customer={customer.id} />}
          {customer && <MergedPeople customer={customer} label={label} />}
        </div>
      </div>
      {customer && layer === 'merge' && <Suspense><MergeCustomers key={customer.id} customer={customer} suggested={other} label={label} onClose={close} /></Suspense>}
      {customer && layer === 'export' && <ExportDialog customer={customer} onClose={close} />}
      {customer && layer === 'hold' && <HoldDialog customer={customer} onClose={close} />}
      {customer && layer === 'erase' && <EraseDialog customer={customer} onClose={close} />}
    </Page>
  );
}

/** What only some may do with a customer. */
function Rights({ onChoose }: { onChoose: (layer: Layer) => void }) {
  const t = useT();
  const { data: me } = useQuery(meQuery);
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const items: MenuItem[] = [];
  if (can(me, 'customers:export')) items.push({ label: t('privacy.export'), icon: 'download', run: () => onChoose('export') });
  if (can(me, 'holds:manage')) items.push({ label: t('privacy.hold'), icon: 'lock', run: () => onChoose('hold') });
  if (can(me, 'customers:erase')) items.push({ label: t('privacy.erase'), icon: 'trash', danger: true, separated: true, run: () => onChoose('erase') });
  if (!items.length) return null;
  return (
    <>
      <IconButton ref={button} icon="more" label={t('customers.more')} on={open} aria-haspopup="menu" aria-expanded={open} onClick={() => setOpen(!open)} />
      {open && <Menu anchor={button} label={t('customers.more')} items={items} align="end" onClose={() => setOpen(false)} />}
    </>
  );
}

function Said({ customer }: { customer: Customer }) {
  const t = useT();
  const [part, setPart] = useState<'timeline' | 'files'>('timeline');
  return (
    <>
      <Segmented label={t('customers.show')} value={part} onChange={setPart} options={[{ value: 'timeline', label: t('customers.timeline'), icon: 'chat' }, { value: 'files', label: t('customers.files'), icon: 'clip' }]} />
      {part === 'timeline' ? <Timeline customer={customer.id} hidden={customer.hidden_conversations ?? 0} /> : <CustomerFiles customer={customer.id} />}
    </>
  );
}
