import { CustomerPage } from '@/features/customer/CustomerPage';
import type { PageProps } from '@/lib/router';
import { useCustomerFields } from './customerFields';

export function CustomerScreen(props: PageProps<'/customers/$customerId'>) {
  return <CustomerPage {...props} fields={useCustomerFields()} />;
}
