import { ApiProblem } from '@/api/problem';
import { problemText } from '@/api/words';
import { useT } from '@/lib/i18n';
import { Button } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import css from './Failure.module.css';

/** A page that could not be shown: the cause in words, Retry, and the request id for whoever helps. */
export function Failure({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const t = useT();
  const requestId = error instanceof ApiProblem ? error.requestId : '';
  return (
    <main id="main" className={css.failure}>
      <EmptyState
        wholePage
        title={t('error.page_title')}
        actions={<Button variant="primary" onClick={onRetry}>{t('error.retry')}</Button>}
      >
        {problemText(error)}
      </EmptyState>
      {requestId && (
        <details className={css.details}>
          <summary>{t('error.details')}</summary>
          {t('error.request_id', { id: requestId })}
        </details>
      )}
    </main>
  );
}
