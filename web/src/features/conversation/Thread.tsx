import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { api } from '@/api/client';
import { conversationQuery, findCached, renewConversation } from '@/api/conversations';
import { can, meQuery } from '@/api/directory';
import { hideMessage, loadOlder, messagesQuery } from '@/api/messages';
import { isProblem } from '@/api/problem';
import { openSide } from '@/api/openSide';
import type { Draft, Id, Message } from '@/api/types';
import { problemText } from '@/api/words';
import { announce } from '@/lib/announce';
import { useCommand } from '@/lib/commands';
import { useT } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazyPart';
import { useStore } from '@/lib/store';
import { Button } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { toast } from '@/ui/Toast';
import { AgainBanner } from './AgainBanner';
import { Composer, type ComposerHandle } from './Composer';
import { HeldBanner } from './HeldBanner';
import { MergedBanner } from './MergedBanner';
import { MessageItem } from './MessageItem';
import { OutgoingItems } from './OutgoingItems';
import { Replying } from './Replying';
import { entriesOf, lastSeen } from './thread';
import { ThreadHead, ThreadProps } from './ThreadHead';
import { ThreadSkeleton } from './ThreadSkeleton';
import { useRead } from './useRead';
import { useMyPresence } from './usePresence';
import { useThreadScroll } from './useThreadScroll';
import css from './ConversationPane.module.css';

const SidePane = lazyPart(() => import('./SidePane').then((module) => module.SidePane));

interface Props {
  id: Id;
  onList: () => void;
  onDetails: () => void;
  onSentAndClosed: (id: Id) => void;
  onClosed: (id: Id) => void;
  onReturn: (id: Id) => void;
}

/** One conversation: its head, its messages, and the composer. */
export function Thread({ id, onList, onDetails, onSentAndClosed, onClosed, onReturn }: Props) {
  const t = useT();
  const queries = useQueryClient();
  const { data: me } = useQuery(meQuery);
  const detail = useQuery({ ...conversationQuery(id), retry: false });
  const known = detail.data ?? findCached(queries, id);
  const thread = useQuery(messagesQuery(id));
  const messages = useMemo(() => thread.data?.items ?? [], [thread.data]);
  const entries = useMemo(() => entriesOf(messages), [messages]);
  const last = messages.at(-1)?.id;
  const { box, inner, atEnd, toEnd } = useThreadScroll(messages[0]?.id, last);
  const typing = useMyPresence(id);
  const composer = useRef<ComposerHandle>(null);
  const fresh = useFresh(messages, me?.id);
  const seen = useSeen(messages);
  useRead(id, detail.data?.unread ?? false, lastSeen(messages) || undefined, atEnd);
  const aside = useStore(openSide, (now) => (now?.conversation === id ? now : undefined));
  useEffect(() => () => openSide.set(undefined), [id]);
  const older = useOlder(id);
  const into = detail.data?.merged_into_id;
  // The last message stays; whether this is it the server knows best.
  const mayMove = can(me, 'conversations:merge') && messages.filter((one) => one.kind !== 'event').length > 1;

  const scrollBy = (part: number) => box.current?.scrollBy({ top: part * box.current.clientHeight * 0.85 });
  useCommand('conversation.scroll_down', () => scrollBy(1));
  useCommand('conversation.scroll_up', () => scrollBy(-1));
  useCommand('conversation.reply', () => composer.current?.open('reply'), can(me, 'conversations:reply'));
  useCommand('conversation.side', () => openSide.set({ conversation: id }), can(me, 'conversations:reply') && !detail.data?.merged_into_id);
  useCommand('conversation.note', () => composer.current?.open('note'), can(me, 'conversations:note'));

  // Always the same functions, so that what happens around a message does not render it again.
  const { refetch } = thread;
  const undo = useCallback(async (message: Message) => {
    hideMessage(queries, id, message.id);
    try {
      const draft = await api.post<Draft>(`/messages/${message.id}/undo`);
      composer.current?.restore(draft);
      void renewConversation(queries, id);
    } catch (error) {
      toast({ text: problemText(error), tone: 'bad' });
    }
    void refetch();
  }, [queries, id, refetch]);

  const edit = useCallback(async (message: Message) => {
    try {
      const draft = await api.post<Draft>(`/messages/${message.id}/edit`);
      composer.current?.restore(draft);
    } catch (error) {
      toast({ text: problemText(error), tone: 'bad' });
    }
  }, []);

  if (isProblem(detail.error) && !detail.data) {
    return (
      <main id="main" tabIndex={-1} className={css.pane}>
        <header className={css.bar} />
        <EmptyState
          title={t(detail.error.status === 404 ? 'thread.gone_title' : 'error.page_title')}
          actions={<>
            {detail.error.status !== 404 && <Button variant="primary" onClick={() => void detail.refetch()}>{t('error.retry')}</Button>}
            <Button onClick={onList}>{t('thread.to_list')}</Button>
          </>}
        >
          {detail.error.status === 404 ? t('thread.gone_text') : problemText(detail.error)}
        </EmptyState>
      </main>
    );
  }

  return (
    <main id="main" tabIndex={-1} className={css.pane} aria-label={known && `${known.customer.name || known.customer.email}: ${known.subject}`}>
      <ThreadHead conversation={detail.data} onList={onList} onDetails={onDetails} />
      <ThreadProps conversation={detail.data} onDetails={onDetails} />
      <div className={css.middle}>
        <div ref={box} className={css.messages} tabIndex={-1}>
          <div ref={inner} className={css.feed}>
            {thread.data?.older && (
              <button type="button" className={css.older} disabled={older.busy} onClick={() => void older.load()}>{t(older.busy ? 'ui.loading' : 'thread.older')}</button>
            )}
            {thread.isPending && <ThreadSkeleton />}
            {thread.isError && !thread.data && (
              <div className={css.failed} role="alert">
                <p>{problemText(thread.error)}</p>
                <Button size="sm" onClick={() => void thread.refetch()}>{t('error.retry')}</Button>
              </div>
            )}
            <div className={css.articles} role={entries.length ? 'feed' : undefined} aria-busy={entries.length ? thread.isFetching : undefined} aria-label={entries.length ? t('thread.messages') : undefined}>
              {entries.map((entry) => (
                <MessageItem key={entry.message.id} entry={entry} mayMove={mayMove} fresh={fresh.has(entry.message.id)} onUndo={undo} onEdit={edit} />
              ))}
              <OutgoingItems conversation={id} onEdit={(content) => composer.current?.put(content)} />
            </div>
            <Replying id={id} />
          </div>
        </div>
        {!atEnd && fresh.size > 0 && <button type="button" className={css.toEnd} onClick={toEnd}>{t('thread.new_below', { count: fresh.size })}</button>}
      </div>
      <HeldBanner conversation={id} composer={composer} onReview={(message) => document.getElementById(`m${message}`)?.scrollIntoView({ block: 'center' })} />
      {into && <MergedBanner id={id} into={into} mayUndo={can(me, 'conversations:merge')} />}
      {!into && <AgainBanner conversation={detail.data} />}
      {!into && <Composer
        ref={composer} id={id} conversation={detail.data} lastSeen={seen} onTyping={typing} onSent={toEnd}
        onSentAndClosed={onSentAndClosed} onClosed={onClosed} onReturn={onReturn}
      />}
      {aside && <Suspense><SidePane conversation={id} side={aside.side} /></Suspense>}
    </main>
  );
}

const glance = 1500;

// The newest message that has been on screen long enough to be noticed: a reply sent in the moment in which another
// one arrives was written without knowing it, and the server stops it.
function useSeen(messages: readonly Message[]): Id {
  const last = lastSeen(messages);
  const [seen, setSeen] = useState<Id>();
  useEffect(() => {
    if (!last) return;
    const timer = setTimeout(() => setSeen(last), glance);
    return () => clearTimeout(timer);
  }, [last]);
  const [first, setFirst] = useState(last);
  if (!first && last) setFirst(last);
  return Math.max(seen ?? 0, first);
}

// Messages of others that came while I was here, until I have looked for a while.
function useFresh(messages: readonly Message[], me: Id | undefined): ReadonlySet<Id> {
  const t = useT();
  const known = useRef<Id>(undefined);
  const [fresh, setFresh] = useState<ReadonlySet<Id>>(new Set());
  useEffect(() => {
    const last = messages.at(-1)?.id;
    if (last === undefined) return;
    const before = known.current;
    known.current = Math.max(last, before ?? 0);
    if (before === undefined) return;
    const came = messages.filter((one) => one.id > before && one.kind !== 'event' && !(one.author.type === 'agent' && one.author.id === me));
    if (!came.length) return;
    for (const one of came) announce(t('thread.announce', { name: one.author.name || (one.author.address ?? '') }));
    setFresh((now) => new Set([...now, ...came.map((one) => one.id)]));
  }, [messages, me, t]);
  useEffect(() => {
    if (!fresh.size) return;
    const timer = setTimeout(() => setFresh(new Set()), 20_000);
    return () => clearTimeout(timer);
  }, [fresh]);
  return fresh;
}

function useOlder(id: Id) {
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const load = async () => {
    setBusy(true);
    await loadOlder(queries, id).catch((error: unknown) => toast({ text: problemText(error), tone: 'bad' }));
    setBusy(false);
  };
  return { busy, load };
}
