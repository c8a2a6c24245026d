import { useInfiniteQuery } from '@tanstack/react-query';
import { clsx } from 'clsx';
import { useEffect, useId, useRef, type KeyboardEvent } from 'react';
import { problemText } from '@/api/words';
import { fullTime, relativeTime } from '@/lib/dates';
import { useT, Words } from '@/lib/i18n';
import { keyOf } from '@/lib/commands/keys';
import { useNow } from '@/lib/now';
import { navigate } from '@/lib/router';
import { Awaited } from '@/ui/Awaited';
import { Button } from '@/ui/Button';
import { Chip } from '@/ui/Chip';
import { ModalFrame } from '@/ui/Dialog';
import { EmptyState } from '@/ui/EmptyState';
import { Icon } from '@/ui/Icon';
import { IconButton } from '@/ui/IconButton';
import { RowBones } from '@/ui/Rows';
import css from './NotificationPanel.module.css';
import { notificationsQuery, useMarkRead, type Notification } from './queries';
import { kindIcons, sentenceOf } from './words';

/** What concerns me, newest first. J and K or the arrows move, Enter opens, Shift+A marks all as read. */
export function NotificationPanel({ onClose }: { onClose: () => void }) {
  const t = useT();
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const list = useInfiniteQuery(notificationsQuery);
  const { mutate: markRead, isPending } = useMarkRead();
  const rows = list.data?.pages.flatMap(({ items }) => items ?? []);
  const here = (rows?.length ?? 0) > 0;

  // The focus begins on the newest as soon as that is there.
  useEffect(() => {
    if (here) box.current?.querySelector<HTMLElement>('[data-item]')?.focus({ preventScroll: true });
  }, [here]);

  const open = (one: Notification) => {
    onClose();
    if (!one.read) markRead({ ids: [one.id] });
    if (one.inbox_id) void navigate({ to: '/settings/inboxes/$inboxId', params: { inboxId: String(one.inbox_id) } });
    else void navigate({ to: '/conversations/$conversationId', params: { conversationId: String(one.conversation_id) } });
  };
  const markAll = () => {
    if (rows?.some(({ read }) => !read)) markRead({ all: true, until: rows[0]!.at });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = keyOf(event.nativeEvent);
    if (key === 'a' && event.shiftKey) return markAll();
    const items = [...(box.current?.querySelectorAll<HTMLElement>('[data-item]') ?? [])];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const steps: Record<string, number> = { j: at + 1, arrowdown: at + 1, k: at - 1, arrowup: at - 1, home: 0, end: items.length - 1 };
    const to = steps[key];
    if (to === undefined || items.length === 0) return;
    event.preventDefault();
    items[Math.max(0, Math.min(to, items.length - 1))]!.focus();
  };

  return (
    <ModalFrame onClose={onClose} labelledBy={id} className={css.panel}>
      <div ref={box} className={css.inner} onKeyDown={onKeyDown}>
        <header className={css.head}>
          <h2 id={id} className="grow">{t('notifications.title')}</h2>
          <IconButton
            icon="gear" label={t('notifications.settings')}
            onClick={() => {
              onClose();
              void navigate({ to: '/settings/me' });
            }}
          />
          <IconButton icon="x" label={t('ui.close')} data-closes onClick={onClose} />
        </header>
        {rows?.some(({ read }) => !read) && (
          <div className={css.tools}>
            <Button size="sm" variant="ghost" busy={isPending} aria-keyshortcuts="Shift+A" onClick={markAll}><Icon name="checks" />{t('notifications.mark_all')}</Button>
          </div>
        )}
        <div className={css.body}>
          <Awaited of={{ data: rows, trouble: list.error ? { text: problemText(list.error), requestId: '' } : undefined, retry: () => void list.refetch() }} bones={<RowBones count={5} />}>
            {(all) => all.length === 0 ? <EmptyState title={t('notifications.none')}>{t('notifications.none_text')}</EmptyState> : (
              <ul className={css.list} aria-label={t('notifications.title')}>{all.map((one) => <Entry key={one.id} one={one} onOpen={() => open(one)} />)}</ul>
            )}
          </Awaited>
          {list.hasNextPage && <div className={css.more}><Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>{t('ui.show_more')}</Button></div>}
        </div>
      </div>
    </ModalFrame>
  );
}

function Entry({ one, onOpen }: { one: Notification; onOpen: () => void }) {
  const t = useT();
  const now = useNow();
  const bad = one.kind === 'reply_failed' || one.kind === 'reply_held' || one.kind === 'inbox_quiet';
  return (
    <li>
      <button type="button" data-item className={clsx(css.row, !one.read && css.unread)} onClick={onOpen}>
        <span className={clsx(css.icon, bad && css.bad)}><Icon name={kindIcons[one.kind]} /></span>
        <span className={css.text}>
          <span className={css.first}>
            <span className={css.sentence}><Words id={sentenceOf(one)} values={{ name: <bdi>{one.actor.name}</bdi> }} /></span>
            {one.times > 1 && <Chip>{t('notifications.times', { count: one.times })}</Chip>}
            <time className={css.time} dateTime={one.at} title={fullTime(one.at)}>{relativeTime(one.at, now)}</time>
          </span>
          <span className={css.subject} dir="auto">{one.subject}</span>
          {one.preview && <span className={css.preview} dir="auto">{one.preview}</span>}
        </span>
        {!one.read && <span className={css.dot}><span className="sr">{t('notifications.unread')}</span></span>}
      </button>
    </li>
  );
}
