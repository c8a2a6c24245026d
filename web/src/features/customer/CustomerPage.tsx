import { useT } from '@/lib/i18n';
import { EmptyState } from '@/ui/EmptyState';
import { Page } from '@/ui/Page';

export function CustomerPage() {
  const t = useT();
  return (
    <Page title={t('nav.customer')} column>
      <EmptyState title={t('ui.nothing_here')} />
    </Page>
  );
}
