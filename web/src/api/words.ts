import { t } from '@/lib/i18n';
import { ApiProblem } from './problem';

/** What a failed request says to a person: the server's own sentence, or ours when it sent none. */
export function problemText(error: unknown): string {
  if (!(error instanceof ApiProblem)) return t('error.unexpected');
  if (error.offline) return t('error.offline');
  if (error.detail) return error.detail;
  if (error.status === 429) return t('error.too_many', { seconds: error.retryAfter || 1 });
  return error.status >= 500 ? t('error.server') : t('error.unexpected');
}
