import { useQuery } from '@tanstack/react-query';
import type { Inbox } from '@/api/types';
import { useWrite } from '@/api/useWrite';
import { problemText } from '@/api/words';
import { fullTime } from '@/lib/dates';
import { useT } from '@/lib/i18n';
import { Button } from '@/ui/Button';
import { Icon } from '@/ui/Icon';
import css from './Inbox.module.css';
import { healthQuery, inboxWrites } from './queries';
import { consentText, serviceName } from './serviceNames';

/** Whether the owner of the mailbox allows its use, and the way to them. */
export function ConsentPanel({ inbox, unsaved }: { inbox: Inbox; unsaved: boolean }) {
  const t = useT();
  const { data: health } = useQuery(healthQuery(inbox.id));
  const begin = useWrite(inboxWrites.beginConsent, { handled: true });
  const consent = health?.consent;
  if (!consent) return null;
  const given = consent.state === 'given';
  const service = serviceName(consent.provider);
  const go = () => begin.mutate(inbox.id, { onSuccess: ({ url }) => location.assign(url) });
  const text = given ? t('inboxes.consent_given', { service, when: consent.given_at ? fullTime(consent.given_at) : '' }) : consentText(consent);
  return (
    <section className={css.test} aria-label={t('inboxes.consent')}>
      <div className={css.testHead}>
        <Icon name={given ? 'checkCircle' : 'stop'} className={given ? css.ok : css.error} />
        <div className="grow" role="status">
          <h3>{t('inboxes.consent')}</h3>
          <p className={css.small}>{text} {given && consent.last_error}</p>
          {begin.error && <p className={css.error}>{problemText(begin.error)}</p>}
          {unsaved && <p className={css.small}>{t('inboxes.consent_save_first')}</p>}
        </div>
        <Button size="sm" variant={given ? 'outline' : 'primary'} busy={begin.isPending} disabled={unsaved} onClick={go}>
          {consent.state === 'missing' ? t('inboxes.connect_go') : t('inboxes.connect_again')}
        </Button>
      </div>
    </section>
  );
}
