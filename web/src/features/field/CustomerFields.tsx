import { useQuery } from '@tanstack/react-query';
import { api } from '@/api/client';
import { can, meQuery } from '@/api/directory';
import type { Customer, CustomField, Id } from '@/api/types';
import { useT } from '@/lib/i18n';
import { FieldValues } from './FieldValues';

/** The shop's own fields of a customer; their values are among the attributes. */
export function CustomerFields({ id, values, fields }: { id: Id; values: Customer['attributes']; fields: readonly CustomField[] }) {
  const t = useT();
  const { data: me } = useQuery(meQuery);
  return (
    <FieldValues
      key={id} title={t('fields.of_customer')} fields={fields} values={values} readOnly={!can(me, 'customers:write')}
      save={(attributes) => api.patch<Customer>(`/customers/${id}`, { body: { attributes } })} renews={[['customers']]}
    />
  );
}
