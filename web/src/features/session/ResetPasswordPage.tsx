import { useT } from '@/lib/i18n';
import { EmptyState } from '@/ui/EmptyState';
import { Page } from '@/ui/Page';

export function ResetPasswordPage() {
  const t = useT();
  return (
    <Page title={t('session.reset_password')} column>
      <EmptyState title={t('ui.nothing_here')} />
    </Page>
  );
}
