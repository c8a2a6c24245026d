import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { inboxesQuery } from '@/api/directory';
import type { Id } from '@/api/types';
import { problemText } from '@/api/words';
import { fullTime, listTime } from '@/lib/dates';
import { useT } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { Link } from '@/lib/router';
import { Banner } from '@/ui/Banner';
import { Icon } from '@/ui/Icon';
import { Patient, Skeleton } from '@/ui/Skeleton';
import { timelineQuery, type Said } from './known';
import { More } from './More';
import css from './CustomerPage.module.css';

const icons = { inbound: 'mail', outbound: 'reply', note: 'note' } as const;

/** Everything said with a customer, conversation after conversation, the one with the newest activity first. */
export function Timeline({ customer, hidden }: { customer: Id; hidden: number }) {
  const t = useT();
  const list = useInfiniteQuery(timelineQuery(customer));
  const said = list.data?.pages.flatMap((page) => page.items) ?? [];
  const groups: { about: Said['conversation']; said: Said[] }[] = [];
  for (const one of said) {
    const last = groups.at(-1);
    if (last?.about.id === one.conversation.id) last.said.push(one);
    else groups.push({ about: one.conversation, said: [one] });
  }
  return (
    <div className={css.timeline}>
      {list.isPending && <Patient label={t('ui.loading')}><Skeleton width="60%" /><Skeleton height={36} /><Skeleton height={36} /></Patient>}
      {list.error && <Banner tone="bad">{problemText(list.error)}</Banner>}
      {list.data && !said.length && <p className="muted">{t('customers.nothing_said')}</p>}
      {groups.map((group) => <Group key={group.about.id} {...group} />)}
      <More list={list} />
      {hidden > 0 && <p className="muted">{t('customer.hidden', { count: hidden })}</p>}
    </div>
  );
}

function Group({ about, said }: { about: Said['conversation']; said: readonly Said[] }) {
  const t = useT();
  const now = useNow();
  const { data: inboxes } = useQuery(inboxesQuery);
  const inbox = inboxes?.find((one) => one.id === about.inbox_id)?.name;
  const to = { to: '/inbox/$view/$conversationId', params: { view: 'open', conversationId: String(about.id) } } as const;
  return (
    <section className={css.group} aria-label={about.subject || t('row.no_subject')}>
      <h3 className={css.groupHead}>
        <Icon name={about.channel === 'email' ? 'mail' : 'chat'} size={14} />
        <Link {...to} className="grow trunc"><bdi>{about.subject || t('row.no_subject')}</bdi></Link>
        <span className={css.quiet}>#{about.number}{inbox && ` · ${inbox}`} · {t(`status.${about.status}`)}</span>
      </h3>
      <ol>
        {said.map((one) => (
          <li key={one.message_id} className={css.said} data-kind={one.kind}>
            <Icon name={icons[one.kind]} size={14} label={t(`customers.kind_${one.kind}`)} />
            <div className={css.saidBody}>
              <p className={css.saidHead}>
                <bdi className="trunc">{one.author.name || t('nav.customer')}</bdi>
                {one.automatic && <span className={css.quiet}>{t('customers.automatic')}</span>}
                {one.files > 0 && <span className={css.quiet}><Icon name="clip" size={12} /> {t('customers.file_count', { count: one.files })}</span>}
                <time dateTime={one.created_at} title={fullTime(one.created_at)}>{listTime(one.created_at, now)}</time>
              </p>
              <p className={css.preview} dir="auto">{one.preview}</p>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
