import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { customerConversationsQuery } from '@/api/conversations';
import type { Id } from '@/api/types';
import { fullTime, listTime } from '@/lib/dates';
import { useT } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { Link } from '@/lib/router';
import { Icon } from '@/ui/Icon';
import css from './CustomerPanel.module.css';

const few = 6;

/** What else this customer wrote about, and how much of it is out of sight. */
export function Earlier({ customer, current, hidden }: { customer: Id; current?: Id; hidden: number }) {
  const t = useT();
  const now = useNow();
  const [all, setAll] = useState(false);
  const { data } = useQuery(customerConversationsQuery(customer));
  const others = (data?.items ?? []).filter((item) => item.id !== current);
  if (data && !others.length && !hidden) return current === undefined ? null : <p className={css.hint}>{t('customer.first')}</p>;
  return (
    <section>
      <h3 className={css.head}>
        <span>{t(current === undefined ? 'customer.conversations' : 'customer.earlier')}</span>
        {others.length > 0 && <span className="num">{others.length}{data?.next ? '+' : ''}</span>}
      </h3>
      <ul className={css.earlier}>
        {others.slice(0, all ? undefined : few).map((item) => (
          <li key={item.id}>
            <Link to="/inbox/$view/$conversationId" params={{ view: 'open', conversationId: String(item.id) }} className={css.earlierLink}>
              <Icon name={item.channel === 'email' ? 'mail' : 'chat'} size={14} />
              <span dir="auto" className="grow trunc">{item.subject || t('row.no_subject')}</span>
              <span className={css.status}>{t(`status.${item.status}`)}</span>
              <time dateTime={item.last_activity_at} title={fullTime(item.last_activity_at)}>{listTime(item.last_activity_at, now)}</time>
            </Link>
          </li>
        ))}
      </ul>
      {!all && others.length > few && <button type="button" className={css.moreButton} onClick={() => setAll(true)}>{t('customer.show_all', { count: others.length })}</button>}
      {hidden > 0 && <p className={css.hint}>{t('customer.hidden', { count: hidden })}</p>}
    </section>
  );
}
