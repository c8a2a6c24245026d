import { useQuery } from '@tanstack/react-query';
import { Suspense, useEffect, useState } from 'react';
import { can, meQuery } from '@/api/directory';
import type { Customer } from '@/api/types';
import { problemText } from '@/api/words';
import { useT } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazyPart';
import { Link, navigate, type PageProps } from '@/lib/router';
import { Button } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { Page } from '@/ui/Page';
import { CustomerFacts, type CustomerFieldsSlot } from './CustomerFacts';
import { customerQuery } from './queries';
import { MergedPeople, Suggestions } from './SamePerson';
import css from './CustomerPanel.module.css';

const MergeCustomers = lazyPart(() => import('./MergeCustomers').then((m) => m.MergeCustomers));

/** One customer: addresses, facts, notes and every conversation, and who else may be the same person. */
export function CustomerPage({ params, fields }: PageProps<'/customers/$customerId'> & { fields?: CustomerFieldsSlot }) {
  const t = useT();
  const id = Number(params.customerId);
  const { data: me } = useQuery(meQuery);
  const { data: customer, error, refetch } = useQuery(customerQuery(id));
  const [merging, setMerging] = useState<{ with?: Customer }>();
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
  const name = customer ? customer.name || customer.identities[0]?.value || t('nav.customer') : '';
  const label = (attribute: string) => fields?.label(attribute);
  return (
    <Page
      title={<><Link to="/customers" className={css.crumb}>{t('nav.customers')}</Link> / <bdi>{name}</bdi></>} column
      actions={customer && can(me, 'customers:merge') && <Button size="sm" onClick={() => setMerging({})}>{t('merge.people')}</Button>}
    >
      <div className={css.pageBody}>
        {name && <h2 className="sr">{name}</h2>}
        {customer && <Suggestions customer={customer} onMerge={(other) => setMerging({ with: other })} />}
        {customer && <CustomerFacts id={customer.id} name={name} page fields={fields} />}
        {customer && <MergedPeople customer={customer} label={label} />}
      </div>
      {merging && customer && (
        <Suspense><MergeCustomers key={customer.id} customer={customer} suggested={merging.with} label={label} onClose={() => setMerging(undefined)} /></Suspense>
      )}
    </Page>
  );
}
