import { useT } from '@/lib/i18n';
import { Link } from '@/lib/router';
import { EmptyState } from '@/ui/EmptyState';
import css from './Failure.module.css';

export function NotFound() {
  const t = useT();
  return (
    <main id="main" className={css.failure}>
      <EmptyState
        wholePage
        title={t('error.not_found_title')}
        actions={<Link to="/inbox/$view" params={{ view: 'mine' }}>{t('error.to_inbox')}</Link>}
      >
        {t('error.not_found_text')}
      </EmptyState>
    </main>
  );
}
