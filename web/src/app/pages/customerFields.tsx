import { useQuery } from '@tanstack/react-query';
import { Suspense, type ReactNode } from 'react';
import { customFieldsQuery } from '@/api/customFields';
import type { Id } from '@/api/types';
import type { CustomerFieldsSlot } from '@/features/customer/CustomerFacts';
import { withWords } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazyPart';

// Most shops have none of these: their code and words come only where there is one.
const CustomerFields = lazyPart(() => withWords(import('@/features/field/CustomerFields').then((m) => m.CustomerFields)));
const ConversationFields = lazyPart(() => withWords(import('@/features/field/ConversationFields').then((m) => m.ConversationFields)));

/** The shop's own fields for the facts about a customer. */
export function useCustomerFields(): CustomerFieldsSlot | undefined {
  const { data } = useQuery(customFieldsQuery('customer'));
  const fields = data?.filter((field) => !field.archived);
  if (!fields?.length) return undefined;
  return {
    keys: fields.map((field) => field.key),
    label: (key) => fields.find((field) => field.key === key)?.label,
    show: (customer) => <Suspense><CustomerFields id={customer.id} values={customer.attributes} fields={fields} /></Suspense>,
  };
}

/** The shop's own fields of a conversation. */
export function useConversationFields(id: Id): ReactNode {
  const { data } = useQuery(customFieldsQuery('conversation'));
  return data?.some((field) => !field.archived) && <Suspense><ConversationFields id={id} fields={data} /></Suspense>;
}
