import type { ReactNode } from 'react';
import { useT } from '@/lib/i18n';
import { Button } from './Button';
import { Icon } from './Icon';
import { Patient } from './Skeleton';
import css from './Awaited.module.css';

interface Waiting<T> {
  data: T | undefined;
  trouble?: { text: string; requestId: string };
  retry: () => void;
}

interface Props<T> {
  of: Waiting<T>;
  /** The shape of what comes. */
  bones: ReactNode;
  children: (data: T) => ReactNode;
}

/** What is asked of the server: its bones while it comes, the cause and Retry when it does not, else the thing itself. */
export function Awaited<T>({ of, bones, children }: Props<T>) {
  const t = useT();
  if (of.data !== undefined) return children(of.data);
  if (of.trouble) return <Trouble {...of.trouble} onRetry={of.retry} />;
  return <Patient label={t('ui.loading')}>{bones}</Patient>;
}

/** A part of a page that could not be had. */
export function Trouble({ text, requestId, onRetry }: { text: string; requestId: string; onRetry: () => void }) {
  const t = useT();
  return (
    <div className={css.trouble} role="alert">
      <Icon name="stop" className={css.icon} />
      <div className="grow">
        <p>{text}</p>
        {requestId && <p className={css.id}>{t('error.request_id', { id: requestId })}</p>}
      </div>
      <Button size="sm" onClick={onRetry}>{t('error.retry')}</Button>
    </div>
  );
}
