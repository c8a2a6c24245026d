import { useQuery } from '@tanstack/react-query';
import type { Id } from '@/api/types';
import { fullTime, relativeTime } from '@/lib/dates';
import { useT } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { Chip } from '@/ui/Chip';
import css from './Inbox.module.css';
import { healthQuery, type Health } from './queries';
import { consentText } from './serviceNames';

/** Whether mail comes in, in one word. */
export function HealthChip({ id }: { id: Id }) {
  const t = useT();
  const { data: health } = useQuery(healthQuery(id));
  if (!health) return null;
  if (health.state === 'error') return <Chip tone="bad" icon="warn">{t('inboxes.state_error')}</Chip>;
  if (health.state === 'quiet') return <Chip tone="warn" icon="clock">{t('inboxes.state_quiet')}</Chip>;
  if (health.state === 'receiving') return <Chip tone="ok" icon="check">{t('inboxes.state_receiving')}</Chip>;
  return <Chip tone="fill">{health.state === 'off' ? t('inboxes.state_off') : t('inboxes.state_idle')}</Chip>;
}

/** The same in sentences: last success, what waits, what went wrong. */
export function HealthWords({ id, noIdle }: { id: Id; noIdle?: boolean }) {
  const { data: health } = useQuery(healthQuery(id));
  return health && !(noIdle && health.state === 'idle' && !health.sending.last_error && !health.sending.queued) ? <Sentences health={health} /> : null;
}

function Sentences({ health }: { health: Health }) {
  const t = useT();
  const now = useNow(15_000);
  const ago = (at: string) => relativeTime(at, now);
  const { sending } = health;
  return (
    <>
      {health.state === 'receiving' && (
        <p className={css.small} title={health.last_success_at ? fullTime(health.last_success_at) : undefined}>
          {health.last_success_at ? t('inboxes.last_success', { ago: ago(health.last_success_at) }) : t('inboxes.no_success')}{' '}
          {health.backlog > 0 && t('inboxes.backlog', { count: health.backlog })}
        </p>
      )}
      {health.state === 'quiet' && health.last_mail_at && (
        <p className={css.warnText}>{t('inboxes.quiet_text', { ago: ago(health.last_mail_at), hours: Math.max(1, Math.round(health.usual_pause_seconds / 3600)) })}</p>
      )}
      {health.folders.length > 1 && health.folders.map((folder) => (
        <p key={folder.name} className={folder.last_error ? css.error : css.small}>
          <bdi>{folder.sent ? t('inboxes.sent_mail') : folder.junk ? t('inboxes.junk_mail') : folder.name}</bdi>: {folder.last_error || (folder.last_success_at ? t('inboxes.last_success', { ago: ago(folder.last_success_at) }) : t('inboxes.no_success'))}
        </p>
      ))}
      {health.state === 'idle' && <p className={css.small}>{t('inboxes.idle_text')}</p>}
      {health.state === 'error' && (
        <p className={css.error}>
          {health.consent && health.consent.state !== 'given' ? consentText(health.consent) : health.last_error}{' '}
          {health.last_success_at && t('inboxes.last_success', { ago: ago(health.last_success_at) })}
        </p>
      )}
      {sending.last_error && <p className={css.error}>{t('inboxes.sending_error', { error: sending.last_error })}</p>}
      {sending.queued > 0 && <p className={css.small}>{t('inboxes.queued', { count: sending.queued })}</p>}
    </>
  );
}
