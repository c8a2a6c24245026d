import { clsx } from 'clsx';
import { useT } from '@/lib/i18n';
import { Button } from '@/ui/Button';
import { Icon, type IconName } from '@/ui/Icon';
import { Skeleton } from '@/ui/Skeleton';
import css from './Inbox.module.css';
import type { TestResult, TestStep } from './queries';
import { stepTitle } from './stepWords';

interface Props {
  result?: TestResult;
  busy: boolean;
  /** Why it could not be tried at all. */
  fault?: string;
  /** Why it cannot be tried now. */
  hint?: string;
  /** What the test does, when it is not that of an inbox. */
  text?: string;
  onTest: () => void;
}

const icons: Record<TestStep['level'], IconName> = { ok: 'checkCircle', warn: 'warn', error: 'stop' };

/** Tries the mail servers and says in plain words what works and what does not. */
export function TestPanel({ result, busy, fault, hint, text, onTest }: Props) {
  const t = useT();
  return (
    <section className={css.test} aria-label={t('inboxes.test_title')}>
      <div className={css.testHead}>
        <div className="grow" role="status">
          <h3>{result && !busy ? t('inboxes.tested') : t('inboxes.test_title')}</h3>
          <p className={clsx(css.small, fault && css.error)}>{busy ? t('inboxes.testing') : fault ?? summary(t, result, hint ?? text)}</p>
        </div>
        <Button size="sm" icon={result ? 'undo' : 'bolt'} busy={busy} disabled={Boolean(hint)} onClick={onTest}>
          {result ? t('inboxes.test_again') : t('inboxes.test')}
        </Button>
      </div>
      {busy && !result && [1, 2, 3].map((bone) => (
        <div key={bone} className={css.step} aria-hidden="true">
          <Skeleton width={16} height={16} round />
          <Skeleton width={180 + bone * 24} />
        </div>
      ))}
      {result?.steps.map((step, at) => (
        <div key={`${step.name}-${at}`} className={css.step}>
          <Icon name={icons[step.level]} className={css[step.level]} label={t(`inboxes.level_${step.level}`)} />
          <div>
            <span className={css.stepTitle}>{stepTitle(step)}</span>
            <div className={css.small}>{step.sentence}</div>
          </div>
          <time>{t('inboxes.seconds', { seconds: seconds(step.ms) })}</time>
        </div>
      ))}
    </section>
  );
}

function summary(t: ReturnType<typeof useT>, result: TestResult | undefined, hint: string | undefined): string {
  if (!result) return hint ?? t('inboxes.test_text');
  const failed = result.steps.filter(({ level }) => level === 'error').length;
  if (failed > 0) return t('inboxes.test_failed', { count: failed });
  return result.steps.some(({ level }) => level === 'warn') ? t('inboxes.test_warned') : t('inboxes.test_passed');
}

function seconds(ms: number): string {
  return new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(ms / 1000);
}
