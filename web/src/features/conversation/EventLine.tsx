import { openSide } from '@/api/openSide';
import type { Message } from '@/api/types';
import { fullTime, messageTime, momentLabel } from '@/lib/dates';
import { useT, Words } from '@/lib/i18n';
import type { IconName } from '@/lib/icons';
import { Link } from '@/lib/router';
import { useNow } from '@/lib/now';
import { Icon } from '@/ui/Icon';
import { eventWords, type EventWords } from './eventWords';
import css from './Message.module.css';

const statusIcons: Record<string, IconName> = { open: 'undo', pending: 'pause', closed: 'check', spam: 'shield', trash: 'trash', snoozed: 'moon' };
const icons: Record<string, IconName> = {
  conversation_created: 'mail', assigned: 'user', team_changed: 'users', tagged: 'tag', priority_changed: 'flag',
  snoozed: 'moon', unsnoozed: 'moon', merged: 'link', unmerged: 'link', split: 'swap', inbox_changed: 'inbox', linked: 'link', unlinked: 'link', subject_changed: 'pencil', field_changed: 'pencil', delivery_failed: 'stop', bounced: 'stop', complained: 'flag',
  customer_changed: 'user', side_started: 'box', side_answered: 'box', side_failed: 'stop', side_done: 'check', side_reopened: 'undo',
};

/** What happened in the conversation, in the words of whoever reads it. */
export function EventLine({ message }: { message: Message }) {
  const t = useT();
  const now = useNow();
  const words = eventWords(message, { t, moment: (at) => momentLabel(at, now) });
  if (!words) return null;
  const bad = new Set(['delivery_failed', 'bounced', 'side_failed']).has(message.event?.name ?? '');
  return (
    <article className={bad ? css.badEvent : css.event} aria-label={t('thread.event')}>
      <Icon name={statusIcons[message.event!.name === 'status_changed' ? String(message.event!.data.to) : ''] ?? icons[message.event!.name] ?? 'info'} size={14} />
      <span className={css.eventWords}><Sentence words={words} /> <Other message={message} /></span>
      <time dateTime={message.created_at} title={fullTime(message.created_at)}>{messageTime(message.created_at, now)}</time>
    </article>
  );
}

const tied = new Set(['merged', 'unmerged', 'split', 'linked', 'unlinked']);

// The way to the other conversation that a line speaks of.
function Other({ message }: { message: Message }) {
  const t = useT();
  const id = Number(message.event!.data.conversation_id);
  const side = Number(message.event!.data.side_conversation_id);
  if (side) return <button type="button" className={css.textButton} onClick={() => openSide.set({ conversation: message.conversation_id, side })}>{t('event.show')}</button>;
  if (!id || !tied.has(message.event!.name)) return null;
  return <Link to="/conversations/$conversationId" params={{ conversationId: String(id) }}>{t('event.show')}</Link>;
}

function Sentence({ words }: { words: EventWords }) {
  const values = Object.fromEntries(
    Object.entries(words.values).map(([name, value]) => [name, words.plain?.includes(name) ? value : <b key={name}><bdi>{value}</bdi></b>]),
  );
  return <Words id={words.key} values={values} />;
}
