import { useQuery } from '@tanstack/react-query';
import { problemText } from '@/api/words';
import { useT } from '@/lib/i18n';
import { Link, type PageProps } from '@/lib/router';
import { Button } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { Page } from '@/ui/Page';
import { CustomerFacts, type CustomerFieldsSlot } from './CustomerFacts';
import { customerQuery } from './queries';
import css from './CustomerPanel.module.css';

/** One customer: addresses, facts, notes and every conversation. */
export function CustomerPage({ params, fields }: PageProps<'/customers/$customerId'> & { fields?: CustomerFieldsSlot }) {
  const t = useT();
  const id = Number(params.customerId);
  const { data: customer, error, refetch } = useQuery(customerQuery(id));
  if (error && !customer) {
    return (
      <Page title={t('nav.customer')} column>
        <EmptyState title={t('error.page_title')} actions={<Button onClick={() => void refetch()}>{t('error.retry')}</Button>}>{problemText(error)}</EmptyState>
      </Page>
    );
  }
  const name = customer ? customer.name || customer.identities[0]?.value || t('nav.customer') : '';
  return (
    <Page title={<><Link to="/customers" className={css.crumb}>{t('nav.customers')}</Link> / <bdi>{name}</bdi></>} column>
      <div className={css.pageBody}>{name && <h2 className="sr">{name}</h2>}{customer && <CustomerFacts id={id} name={name} page fields={fields} />}</div>
    </Page>
  );
}
