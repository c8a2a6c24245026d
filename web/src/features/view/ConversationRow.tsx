import { clsx } from 'clsx';
import { memo, type MouseEvent } from 'react';
import { usePresent } from '@/api/presence';
import type { ConversationItem, Id } from '@/api/types';
import { fullTime, listTime, momentLabel } from '@/lib/dates';
import { useT } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { Avatar } from '@/ui/Avatar';
import { DueChip, RestChip } from '@/ui/DueChip';
import { Icon } from '@/ui/Icon';
import { goneWord } from './match';
import type { ListFilter } from '@/api/conversations';
import { useIsCursor, useIsTicked } from './state';
import css from './ConversationRow.module.css';

export interface RowProps {
  item: ConversationItem;
  gone: boolean;
  filter: ListFilter;
  /** The row above and the one below are ticked: ticked rows make one block. */
  joins: { above: boolean; below: boolean };
  compact: boolean;
  /** Whose row it is stands there only where the view does not say so already. */
  showAssignee: boolean;
  selecting: boolean;
  style: React.CSSProperties;
  position: number;
  total: number;
  onPick: (item: ConversationItem, event: MouseEvent) => void;
  onTick: (item: ConversationItem, range: boolean) => void;
  onMenu: (item: ConversationItem, event: MouseEvent) => void;
  /** The mouse's way to what the keys I and A do; nothing for who may not. */
  onAssign?: (item: ConversationItem, toMe: boolean) => void;
}

export const rowId = (id: Id) => `row-${id}`;

/** One conversation of the list: who, what, the last word, and how long they have been waiting. */
export const ConversationRow = memo(function ConversationRow(props: RowProps) {
  const { item, gone, joins, compact, selecting, style, position, total } = props;
  const t = useT();
  const isCursor = useIsCursor(item.id);
  const isTicked = useIsTicked(item.id);
  const subject = item.subject || t('row.no_subject');
  const body = compact ? <CompactBody {...props} subject={subject} /> : <FullBody {...props} subject={subject} />;
  return (
    <div
      id={rowId(item.id)}
      role="option"
      aria-selected={selecting ? isTicked : isCursor}
      aria-posinset={position}
      aria-setsize={total}
      className={clsx(
        css.row, compact && css.compact, item.unread && !gone && css.unread, gone && css.gone, isCursor && css.cursor,
        isCursor && !selecting && css.selected, isTicked && css.ticked, joins.above && css.joinsAbove, joins.below && css.joinsBelow,
        selecting && css.selecting,
      )}
      style={style}
      onClick={(event) => props.onPick(item, event)}
      onContextMenu={(event) => props.onMenu(item, event)}
    >
      <span className={css.lead}>{item.unread && !gone && <i className={css.dot}><span className="sr">{t('row.unread')}</span></i>}</span>
      <span
        className={css.channel}
        onClick={(event) => {
          event.stopPropagation();
          props.onTick(item, event.shiftKey);
        }}
      >
        <span className={css.icon}><Icon name={item.channel === 'email' ? 'mail' : 'chat'} /></span>
        <span className={clsx(css.box, isTicked && css.on)} aria-hidden="true">{isTicked && <Icon name="check" size={12} />}</span>
      </span>
      {body}
      {props.onAssign && !gone && !selecting && <Quick item={item} onAssign={props.onAssign} />}
    </div>
  );
});

// For the pointer alone: who uses keys has I and A, and readers have the menu of the row.
function Quick({ item, onAssign }: { item: ConversationItem; onAssign: NonNullable<RowProps['onAssign']> }) {
  const t = useT();
  const run = (toMe: boolean) => (event: MouseEvent) => {
    event.stopPropagation();
    onAssign(item, toMe);
  };
  return (
    <span className={css.quick} aria-hidden="true">
      <span title={`${t('cmd.assign_me')} (I)`} onClick={run(true)}><Icon name="userDash" /></span>
      <span title={`${t('cmd.assign')} (A)`} data-picker="conversation.assign" onClick={run(false)}><Icon name="users" /></span>
    </span>
  );
}

type BodyProps = RowProps & { subject: string };

function FullBody({ item, subject, gone, filter, showAssignee }: BodyProps) {
  return (
    <div className={css.body}>
      <div className={css.line}>
        <bdi className={clsx(css.name, 'trunc')}>{item.customer.name || item.customer.email}</bdi>
        <Rings id={item.id} />
        <Time at={item.last_activity_at} />
      </div>
      <div className={css.line}>
        <span dir="auto" className={clsx(css.subject, 'trunc')}>{subject}</span>
        {(item.priority === 'urgent' || item.priority === 'high') && <Priority priority={item.priority} />}
      </div>
      <div className={css.line}>
        <Preview item={item} />
        <span className={css.end}>
          <Clock item={item} gone={gone} filter={filter} />
          {showAssignee && item.assignee && <Assignee assignee={item.assignee} />}
        </span>
      </div>
    </div>
  );
}

function CompactBody({ item, subject, gone, filter, showAssignee }: BodyProps) {
  return (
    <>
      <bdi className={clsx(css.name, 'trunc')}>{item.customer.name || item.customer.email}</bdi>
      <div className={css.line}>
        <span dir="auto" className={clsx(css.subject, 'trunc')}>{subject}</span>
        <Rings id={item.id} />
        {showAssignee && item.assignee && <Assignee assignee={item.assignee} />}
        <span className={css.end}><Clock item={item} gone={gone} filter={filter} /></span>
        <Time at={item.last_activity_at} />
      </div>
    </>
  );
}

function Preview({ item }: { item: ConversationItem }) {
  const t = useT();
  return (
    <span dir="auto" className={clsx(css.preview, 'trunc')}>
      {item.draft && <b>{t('row.draft')} </b>}
      {(item.draft && item.draft_preview) || item.preview}
    </span>
  );
}

function Time({ at }: { at: string }) {
  const now = useNow();
  return <time dateTime={at} title={fullTime(at)}>{listTime(at, now)}</time>;
}

function Priority({ priority }: { priority: 'high' | 'urgent' }) {
  const t = useT();
  return <Icon name="flag" size={12} className={priority === 'urgent' ? css.urgent : css.high} label={t(`priority.${priority}`)} />;
}

function Assignee({ assignee }: { assignee: { id: Id; name: string } }) {
  const t = useT();
  return <Avatar name={assignee.name} seed={assignee.id} size={16} kind="agent" label={t('row.assigned_to', { name: assignee.name })} />;
}

function Rings({ id }: { id: Id }) {
  const t = useT();
  const people = usePresent(id).filter((one) => one.state !== 'background');
  return people.slice(0, 2).map((one) => (
    <Avatar
      key={one.id} name={one.name} seed={one.id} size={16} kind="agent" ring={one.state === 'typing' ? 'typing' : 'viewing'} className={css.ring}
      label={t(one.state === 'typing' ? 'presence.replying' : 'presence.viewing', { name: one.name })}
    />
  ));
}

export function Clock({ item, gone, filter }: Pick<RowProps, 'item' | 'gone' | 'filter'>) {
  const t = useT();
  const now = useNow();
  if (gone) {
    const { key, name = '' } = goneWord(item, filter);
    return <span className={css.word}>{t(key, { name })}</span>;
  }
  if (item.status === 'snoozed' && item.snoozed_until) return <RestChip icon="moon">{momentLabel(item.snoozed_until, now)}</RestChip>;
  if (item.status === 'pending' && item.snoozed_until) return <RestChip>{momentLabel(item.snoozed_until, now)}</RestChip>;
  if (item.status === 'pending' && filter.view !== 'pending') return <RestChip>{t('row.paused')}</RestChip>;
  if (item.status === 'closed' && filter.view !== 'closed') return <RestChip icon="check">{t('status.closed')}</RestChip>;
  if (item.due_at && item.status === 'open') return <DueChip due={item.due_at} since={item.waiting_since} />;
  return null;
}
