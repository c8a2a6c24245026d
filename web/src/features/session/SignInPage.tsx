import { useT } from '@/lib/i18n';
import { EmptyState } from '@/ui/EmptyState';
import { Page } from '@/ui/Page';

export function SignInPage() {
  const t = useT();
  return (
    <Page title={t('session.sign_in')} column>
      <EmptyState title={t('ui.nothing_here')} />
    </Page>
  );
}
