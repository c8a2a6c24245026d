import { useQuery } from '@tanstack/react-query';
import { clsx } from 'clsx';
import { useState } from 'react';
import { api } from '@/api/client';
import { isProblem } from '@/api/problem';
import type { OutboxMail, Page as PageOf } from '@/api/types';
import { problemText } from '@/api/words';
import { fullTime, listTime } from '@/lib/dates';
import { useT } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { Link } from '@/lib/router';
import { Button } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { Icon } from '@/ui/Icon';
import { Page } from '@/ui/Page';
import { Patient, Skeleton } from '@/ui/Skeleton';
import css from './OutboxPage.module.css';

const recipients = (to: OutboxMail['to']) => (Array.isArray(to) ? to.join(', ') : to);

/** The mails of a demo: they are kept here instead of going out. */
export function OutboxPage() {
  const t = useT();
  const [open, setOpen] = useState<number>();
  const list = useQuery({
    queryKey: ['outbox'], refetchInterval: 5000, retry: false,
    queryFn: ({ signal }) => api.get<PageOf<OutboxMail>>('/outbox', { signal }),
  });
  if (isProblem(list.error) && list.error.status === 404) {
    return (
      <Page title={t('nav.outbox')} column>
        <EmptyState title={t('error.not_found_title')} actions={<Link to="/inbox/$view" params={{ view: 'mine' }}>{t('error.to_inbox')}</Link>}>{t('outbox.only_demo')}</EmptyState>
      </Page>
    );
  }
  return (
    <Page title={t('nav.outbox')} column>
      <p className="muted">{t('outbox.about')}</p>
      {list.isPending && <Patient label={t('ui.loading')}><Skeleton height={44} /><Skeleton height={44} /></Patient>}
      {list.error && !list.data && <EmptyState title={t('error.page_title')} actions={<Button onClick={() => void list.refetch()}>{t('error.retry')}</Button>}>{problemText(list.error)}</EmptyState>}
      {list.data && !list.data.items.length && <EmptyState title={t('outbox.empty_title')}>{t('outbox.empty_text')}</EmptyState>}
      <ul className={css.mails}>
        {list.data?.items.map((mail) => <Mail key={mail.id} mail={mail} open={open === mail.id} onToggle={() => setOpen(open === mail.id ? undefined : mail.id)} />)}
      </ul>
    </Page>
  );
}

function Mail({ mail, open, onToggle }: { mail: OutboxMail; open: boolean; onToggle: () => void }) {
  const t = useT();
  const now = useNow();
  return (
    <li className={clsx(css.mail, open && css.open)}>
      <button type="button" className={css.head} aria-expanded={open} onClick={onToggle}>
        <Icon name="send" />
        <span className={css.words}><b dir="auto" className="trunc">{mail.subject}</b><bdi className="trunc muted">{recipients(mail.to)}</bdi></span>
        <time dateTime={mail.at} title={fullTime(mail.at)}>{listTime(mail.at, now)}</time>
        <Icon name={open ? 'up' : 'down'} size={14} />
      </button>
      {open && (
        <div className={css.body}>
          <p className="faint">{t('outbox.from', { address: mail.from })}</p>
          <pre dir="auto">{mail.text}</pre>
          {mail.raw_url && <a href={mail.raw_url} download>{t('outbox.raw')}</a>}
        </div>
      )}
    </li>
  );
}
