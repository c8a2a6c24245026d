import { clsx } from 'clsx';
import { memo, Suspense, useState } from 'react';
import type { Message } from '@/api/types';
import { fullTime, messageTime } from '@/lib/dates';
import { useT, withWords } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazyPart';
import { useNow } from '@/lib/now';
import { Avatar } from '@/ui/Avatar';
import { Chip } from '@/ui/Chip';
import { Icon } from '@/ui/Icon';
import { DeliveryLine } from './Delivery';
import { EventLine } from './EventLine';
import { MessageMenu } from './MessageMenu';
import { MessageBody } from './MessageBody';
import { shownName } from './recipients';
import type { Entry } from './thread';
import css from './Message.module.css';

const Translated = lazyPart(() => withWords(import('./translating').then((module) => module.Translated)));
const MailFacts = lazyPart(() => withWords(import('./MailFacts').then((module) => module.MailFacts)));

interface Props {
  entry: Entry;
  /** May make a conversation of its own out of it. */
  mayMove: boolean;
  /** Came after what I had seen: marked until I have. */
  fresh: boolean;
  onUndo: (message: Message) => void;
  /** Makes a draft of a message that failed. */
  onEdit: (message: Message) => Promise<void>;
}

/** One message of the thread: a customer at the start, a colleague at the end, a note in yellow, an event as a line. */
export const MessageItem = memo(function MessageItem({ entry: { message, follows }, mayMove, fresh, onUndo, onEdit }: Props) {
  const t = useT();
  const queued = message.delivery?.state === 'queued';
  const now = useNow(queued ? 1000 : undefined);
  const [translated, setTranslated] = useState(false);
  if (message.kind === 'event') return <EventLine message={message} />;
  const inbound = message.kind === 'inbound';
  const head = `message-${message.id}`;
  const failed = message.delivery?.state === 'failed';
  const waiting = queued && Date.parse(message.undo_until ?? '') > now;
  return (
    <article
      id={`m${message.id}`}
      aria-labelledby={head}
      className={clsx(css.message, inbound ? css.inbound : css.outbound, message.kind === 'note' && css.note, follows && css.follows)}
    >
      {inbound && (follows ? <span /> : <Avatar name={message.author.name || message.author.address || ''} seed={message.author.id ?? message.author.address} size={28} />)}
      <div className={clsx(css.bubble, fresh && css.fresh, failed && css.failed, waiting && css.pending)}>
        <Head id={head} message={message} hidden={follows} fresh={fresh} />
        {message.unverified_sender && (
          <p className={css.unverified}><Icon name="warn" size={14} />{t('message.unverified', { address: message.author.address ?? message.author.name })}</p>
        )}
        {message.facts && <Suspense><MailFacts message={message} facts={message.facts} /></Suspense>}
        <MessageBody message={message} />
        {translated && <Suspense><Translated message={message} onClose={() => setTranslated(false)} /></Suspense>}
        <MessageMenu message={message} mayMove={mayMove} onTranslate={() => setTranslated(true)} />
      </div>
      {!inbound && (follows ? <span /> : <Avatar name={message.author.name} seed={message.author.id} size={28} kind={message.author.type === 'system' ? 'bot' : 'agent'} />)}
      {message.kind === 'outbound' && <DeliveryLine message={message} onUndo={onUndo} onEdit={onEdit} />}
    </article>
  );
});

function Head({ id, message, hidden, fresh }: { id: string; message: Message; hidden: boolean; fresh: boolean }) {
  const t = useT();
  const now = useNow();
  const name = message.author.name || message.author.address || '';
  const note = message.kind === 'note';
  return (
    <div className={clsx(css.head, hidden && 'sr')}>
      {note && <Icon name="lock" size={12} className={css.lock} />}
      <span id={id} className={css.who}>
        <b><bdi>{name}</bdi></b> <span className="sr">{fullTime(message.created_at)}</span>
      </span>
      <span className="trunc">{note ? t('message.note') : <Recipients message={message} />}</span>
      {message.elsewhere && <Chip tone="fill">{t('message.elsewhere')}</Chip>}
      {message.automatic && <Chip tone="fill">{t('message.automatic')}</Chip>}
      {message.bounce && <Chip tone="bad">{t('message.bounce')}</Chip>}
      {message.origin_conversation_id !== message.conversation_id && <Chip tone="fill">{t('message.origin', { number: String(message.origin_conversation_id) })}</Chip>}
      {fresh && <Chip tone="accent">{t('message.new')}</Chip>}
      <time dateTime={message.created_at} title={fullTime(message.created_at)} aria-hidden="true">{messageTime(message.created_at, now)}</time>
    </div>
  );
}

// Whom it went to, when that is not plain: more than the customer alone.
function Recipients({ message }: { message: Message }) {
  const t = useT();
  const names = (list: { address: string; name: string }[]) => list.map(shownName).join(', ');
  const all = [...message.to, ...message.cc, ...message.bcc].map((one) => `${one.name} <${one.address}>`).join('\n');
  if (message.kind === 'inbound') {
    return <span title={message.author.address}>{message.cc.length ? t('message.cc', { names: names(message.cc) }) : message.author.address}</span>;
  }
  const text = message.cc.length + message.bcc.length
    ? t('message.to_cc', { names: names(message.to), copies: names([...message.cc, ...message.bcc]) })
    : t('message.to', { names: names(message.to) });
  return <span title={all}>{text}</span>;
}
