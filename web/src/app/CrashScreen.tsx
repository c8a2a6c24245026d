import { Component, type ErrorInfo, type ReactNode } from 'react';
import { t } from '@/lib/i18n';
import { Button } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';

/** The last net: says that the page broke and offers to load it again. Drafts are kept by the composer. */
export class CrashScreen extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override componentDidCatch(error: Error, info: ErrorInfo) {
    console.error(error, info.componentStack);
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <EmptyState
        wholePage
        title={t('error.crash_title')}
        actions={<Button variant="primary" onClick={() => location.reload()}>{t('error.reload')}</Button>}
      >
        {t('error.crash_text')}
      </EmptyState>
    );
  }
}
