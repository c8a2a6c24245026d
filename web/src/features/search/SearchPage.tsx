import { useT } from '@/lib/i18n';
import { EmptyState } from '@/ui/EmptyState';
import { Page } from '@/ui/Page';

export function SearchPage() {
  const t = useT();
  return (
    <Page title={t('nav.search')} column>
      <EmptyState title={t('ui.nothing_here')} />
    </Page>
  );
}
