import { useQuery, useQueryClient } from '@tanstack/react-query';
import { clsx } from 'clsx';
import { useLayoutEffect, useRef } from 'react';
import { api } from '@/api/client';
import { conversationKeys } from '@/api/conversations';
import { can, meQuery } from '@/api/directory';
import type { Draft, Id, Message } from '@/api/types';
import { openSide } from '@/api/openSide';
import { problemText } from '@/api/words';
import { fullTime, messageTime } from '@/lib/dates';
import { useT } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { Avatar } from '@/ui/Avatar';
import { Button } from '@/ui/Button';
import { Chip } from '@/ui/Chip';
import { ModalFrame } from '@/ui/Dialog';
import { Icon } from '@/ui/Icon';
import { IconButton } from '@/ui/IconButton';
import { toast } from '@/ui/Toast';
import { DeliveryLine } from './Delivery';
import { MessageBody } from './MessageBody';
import { shownName } from './recipients';
import { sideMessagesQuery, sidesQuery, useSideState, type Side } from './side';
import { SideComposer, type SideComposerHandle } from './SideComposer';
import { StateChip } from './SideSection';
import message from './Message.module.css';
import css from './Side.module.css';

/** A side conversation over its conversation: its messages, and the field to write in. */
export function SidePane({ conversation, side: id }: { conversation: Id; side?: Id }) {
  const t = useT();
  const { data: sides } = useQuery(sidesQuery(conversation));
  const side = sides?.find((one) => one.id === id);
  const close = () => openSide.set(undefined);
  const title = side?.subject ?? t('cmd.side');
  return (
    <ModalFrame onClose={close} label={title} className={css.pane}>
      <div className={css.inner}>
        <header className={css.head}>
          <h2 dir="auto" className="trunc">{title}</h2>
          {side && <span className={css.state}><StateChip side={side} /></span>}
          {side && <StateButton side={side} />}
          <IconButton icon="x" label={t('ui.close')} data-closes onClick={close} />
        </header>
        <p className={css.hint}><Icon name="lock" size={12} />{t('side.hint')}</p>
        <Inside key={id} conversation={conversation} id={id} side={side} />
      </div>
    </ModalFrame>
  );
}

function StateButton({ side }: { side: Side }) {
  const t = useT();
  const { data: me } = useQuery(meQuery);
  const { mutate, isPending } = useSideState(side.conversation_id, side.id);
  const to = side.state === 'done' ? 'open' : 'done';
  if (!can(me, 'conversations:reply')) return null;
  return <Button size="sm" icon={to === 'done' ? 'check' : 'undo'} busy={isPending} onClick={() => mutate(to)}>{t(to === 'done' ? 'side.close' : 'side.reopen')}</Button>;
}

function Inside({ conversation, id, side }: { conversation: Id; id: Id | undefined; side: Side | undefined }) {
  const composer = useRef<SideComposerHandle>(null);
  const { data: me } = useQuery(meQuery);
  return (
    <>
      {id === undefined ? <div className="grow" /> : <Messages conversation={conversation} id={id} composer={composer} />}
      {can(me, 'conversations:reply') && (id === undefined || side) && <SideComposer ref={composer} conversation={conversation} side={side} />}
    </>
  );
}

function Messages({ conversation, id, composer }: { conversation: Id; id: Id; composer: React.RefObject<SideComposerHandle | null> }) {
  const t = useT();
  const queries = useQueryClient();
  const list = useQuery(sideMessagesQuery(conversation, id));
  const box = useRef<HTMLDivElement>(null);
  const last = list.data?.at(-1)?.id;
  useLayoutEffect(() => {
    box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [last]);

  const undo = async (one: Message) => {
    try {
      const draft = await api.post<Draft>(`/messages/${one.id}/undo`);
      if (list.data?.length === 1) openSide.set({ conversation });
      composer.current?.put(draft, list.data?.length === 1 ? one.subject : '', conversation);
    } catch (error) {
      toast({ text: problemText(error), tone: 'bad' });
    }
    void queries.invalidateQueries({ queryKey: conversationKeys.sides(conversation) });
    void queries.invalidateQueries({ queryKey: conversationKeys.messages(conversation) });
  };
  // What failed is written anew: its words stand in the field again.
  const edit = async (one: Message) => composer.current?.put({ ...one, attachments: [] }, '', conversation);
  return (
    <div ref={box} className={css.messages} tabIndex={-1}>
      {list.error && !list.data && <p className={css.none} role="alert">{problemText(list.error)}</p>}
      <div role="feed" aria-label={t('thread.messages')} aria-busy={list.isFetching} className={css.feed}>
        {list.data?.map((one) => <Item key={one.id} one={one} onUndo={undo} onEdit={edit} />)}
      </div>
    </div>
  );
}

function Item({ one, onUndo, onEdit }: { one: Message; onUndo: (one: Message) => void; onEdit: (one: Message) => Promise<void> }) {
  const t = useT();
  const now = useNow();
  const inbound = one.kind === 'side_inbound';
  const name = one.author.name || one.author.address || '';
  return (
    <article id={`m${one.id}`} aria-labelledby={`side-${one.id}`} className={clsx(message.message, !inbound && message.outbound)}>
      {inbound && <Avatar name={name} seed={one.author.address ?? name} size={28} />}
      <div className={clsx(message.bubble, one.delivery?.state === 'failed' && message.failed)}>
        <div className={message.head}>
          <span id={`side-${one.id}`} className={message.who}><b><bdi>{name}</bdi></b> <span className="sr">{fullTime(one.created_at)}</span></span>
          <span className="trunc">{inbound ? one.author.address : t('message.to', { names: [...one.to, ...one.cc].map(shownName).join(', ') })}</span>
          {one.elsewhere && <Chip tone="fill">{t('message.elsewhere')}</Chip>}
          {one.automatic && <Chip tone="fill">{t('message.automatic')}</Chip>}
          {one.bounce && <Chip tone="bad">{t('message.bounce')}</Chip>}
          <time dateTime={one.created_at} title={fullTime(one.created_at)} aria-hidden="true">{messageTime(one.created_at, now)}</time>
        </div>
        {one.unverified_sender && <p className={message.unverified}><Icon name="warn" size={14} />{t('side.unverified', { address: one.author.address ?? name })}</p>}
        <MessageBody message={one} />
      </div>
      {!inbound && <Avatar name={one.author.name} seed={one.author.id} size={28} kind="agent" />}
      {!inbound && <DeliveryLine message={one} onUndo={onUndo} onEdit={onEdit} />}
    </article>
  );
}
