import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from '@/api/client';
import type { Customer, Page as PageOf } from '@/api/types';
import { problemText } from '@/api/words';
import { listTime } from '@/lib/dates';
import { useT } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { Link, setSearch, type PageProps } from '@/lib/router';
import { Avatar } from '@/ui/Avatar';
import { Button } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { Input } from '@/ui/Field';
import { Page } from '@/ui/Page';
import { Patient, Skeleton } from '@/ui/Skeleton';
import { customerKeys } from './queries';
import css from './CustomerPanel.module.css';

const pause = 200;

/** Everybody who wrote, found by name or address. */
export function CustomersPage({ search }: PageProps<'/customers'>) {
  const t = useT();
  const now = useNow();
  const words = search.q ?? '';
  const [text, setText] = useState(words);
  useEffect(() => {
    const timer = setTimeout(() => text !== words && setSearch<'/customers'>({ q: text || undefined }), pause);
    return () => clearTimeout(timer);
  }, [text, words]);
  const list = useInfiniteQuery({
    queryKey: customerKeys.list(words),
    queryFn: ({ pageParam, signal }) => api.get<PageOf<Customer>>('/customers', { query: { q: words, cursor: pageParam, limit: 50 }, signal }),
    initialPageParam: '', getNextPageParam: (last) => last.next || undefined, placeholderData: (before) => before,
  });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Page title={t('nav.customers')} column>
      <Input label={t('customer.find')} hideLabel icon="search" placeholder={t('customer.find')} value={text} autoFocus onChange={(event) => setText(event.target.value)} />
      {list.isPending && <Patient label={t('ui.loading')}><Skeleton height={36} /><Skeleton height={36} /><Skeleton height={36} /></Patient>}
      {list.error && !list.data && <EmptyState title={t('error.page_title')} actions={<Button onClick={() => void list.refetch()}>{t('error.retry')}</Button>}>{problemText(list.error)}</EmptyState>}
      {list.data && !items.length && <EmptyState title={t('ui.nothing_found')}>{words ? t('customer.none_found') : t('customer.none')}</EmptyState>}
      <ul className={css.results}>
        {items.map((one) => {
          const name = one.name || one.identities[0]?.value || t('nav.customer');
          return (
            <li key={one.id}>
              <Link to="/customers/$customerId" params={{ customerId: String(one.id) }} className={css.result}>
                <Avatar name={name} seed={one.id} size={28} />
                <span><bdi>{name}</bdi><small><bdi>{one.identities.map((identity) => identity.value).join(', ')}</bdi></small></span>
                <time className="faint" dateTime={one.created_at}>{listTime(one.created_at, now)}</time>
              </Link>
            </li>
          );
        })}
      </ul>
      {list.hasNextPage && <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('list.more')}</Button>}
    </Page>
  );
}
