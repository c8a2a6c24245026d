import { useT } from '@/lib/i18n';
import { EmptyState } from '@/ui/EmptyState';
import { Page } from '@/ui/Page';

export function ApiKeysPage() {
  const t = useT();
  return (
    <Page title={t('settings.api_keys')} column>
      <EmptyState title={t('ui.nothing_here')} />
    </Page>
  );
}
