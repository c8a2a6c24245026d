import { useQuery } from '@tanstack/react-query';
import { clsx } from 'clsx';
import { Suspense, useRef, useState } from 'react';
import { teamsQuery } from '@/api/directory';
import { usePresent } from '@/api/presence';
import type { Conversation } from '@/api/types';
import { catalog, findCommand, keysOf, runCommand, useCommand, type CommandId } from '@/lib/commands';
import { momentLabel } from '@/lib/dates';
import { loadSettingsWords, useT } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazyPart';
import { useIsPhone } from '@/lib/media';
import { useNow } from '@/lib/now';
import { Avatar } from '@/ui/Avatar';
import { Button } from '@/ui/Button';
import { Chip, TagChip } from '@/ui/Chip';
import { DueChip, RestChip } from '@/ui/DueChip';
import { Icon } from '@/ui/Icon';
import { IconButton } from '@/ui/IconButton';
import { Menu, type MenuItem } from '@/ui/Menu';
import { Skeleton } from '@/ui/Skeleton';
import { tip } from '@/ui/Tooltip';
import { Followers } from './Followers';
import css from './ConversationPane.module.css';

const HoldDialog = lazyPart(async () => (await Promise.all([import('./HoldDialog'), loadSettingsWords()]))[0].HoldDialog);

const menu: readonly (CommandId | '-')[] = [
  'conversation.assign_me', 'conversation.priority', 'conversation.move', 'conversation.wait', 'conversation.wait_until', 'conversation.side', 'conversation.merge', '-', 'conversation.unread', 'conversation.copy_link', 'conversation.print', 'conversation.hold', '-',
  'conversation.spam', 'conversation.not_spam', 'conversation.block', 'conversation.trash',
];
const onPhone: readonly (CommandId | '-')[] = ['conversation.close_next', 'conversation.reopen', 'conversation.snooze', 'conversation.assign', 'conversation.tag', '-', ...menu];

interface Props {
  conversation: Conversation | undefined;
  onList: () => void;
  onDetails: () => void;
}

/** Subject and actions. On a phone the way back, the customer and the rest behind one button. */
export function ThreadHead({ conversation, onList, onDetails }: Props) {
  const t = useT();
  const isPhone = useIsPhone();
  const closed = conversation?.status === 'closed' || conversation?.status === 'spam' || conversation?.status === 'trash';
  const spam = conversation?.status === 'spam';
  const subject = conversation && (conversation.subject || t('row.no_subject'));
  if (isPhone) {
    return (
      <header className={css.bar}>
        <IconButton icon="left" size={20} label={t('thread.to_list')} onClick={onList} />
        <div className={css.phoneTitle}>
          {subject === undefined
            ? <h1 aria-busy="true" aria-label={t('ui.loading')}><Skeleton width={160} height={14} /></h1>
            : <h1 dir="auto" className="trunc">{subject}</h1>}
          <span className="trunc"><bdi>{conversation?.customer.name || conversation?.customer.email}</bdi></span>
        </div>
        <IconButton icon="info" size={20} label={t('thread.details')} onClick={onDetails} />
        <MoreMenu commands={onPhone} closed={closed} spam={spam} />
      </header>
    );
  }
  return (
    <header className={css.bar}>
      {subject === undefined ? <span className="grow"><Skeleton width={240} height={14} /></span> : <h2 dir="auto" className={clsx(css.subject, 'trunc')}>{subject}</h2>}
      <ActionButton id="conversation.snooze" />
      <ActionButton id="conversation.assign" />
      <ActionButton id="conversation.tag" />
      <MoreMenu commands={menu} closed={closed} spam={spam} />
      <span className={css.gap} />
      {spam ? <Button size="sm" icon="checkCircle" onClick={() => runCommand('conversation.not_spam')}>{t('cmd.not_spam')}</Button> : closed
        ? <Button size="sm" icon="undo" keys={keysOf('conversation.reopen')} disabled={!conversation} onClick={() => runCommand('conversation.reopen')}>{t('cmd.reopen')}</Button>
        : <Button size="sm" icon="check" keys={keysOf('conversation.close_next')} disabled={!conversation} onClick={() => runCommand('conversation.close_next')}>{t('thread.close')}</Button>}
    </header>
  );
}

function ActionButton({ id }: { id: CommandId }) {
  const t = useT();
  const { icon, title } = catalog[id];
  return <IconButton icon={icon} label={t(title)} keys={keysOf(id)} data-picker={id} aria-haspopup="dialog" onClick={() => runCommand(id)} />;
}

// What makes no sense where the conversation lies.
const unfit = (id: CommandId, closed: boolean, spam: boolean) =>
  id === (closed ? 'conversation.close_next' : 'conversation.reopen') || (spam ? id === 'conversation.spam' || id === 'conversation.block' : id === 'conversation.not_spam');

function MoreMenu({ commands, closed, spam }: { commands: readonly (CommandId | '-')[]; closed: boolean; spam: boolean }) {
  const t = useT();
  const isPhone = useIsPhone();
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  useCommand('conversation.menu', () => setOpen(true));
  const items: MenuItem[] = [];
  let separated = false;
  for (const id of commands) {
    if (id === '-') separated = items.length > 0;
    else if (findCommand(id) && !unfit(id, closed, spam)) {
      items.push({ label: t(catalog[id].title), icon: catalog[id].icon, keys: isPhone ? undefined : keysOf(id), separated, run: () => setTimeout(() => runCommand(id)) });
      separated = false;
    }
  }
  return (
    <>
      <IconButton
        ref={anchor} icon="more" size={isPhone ? 20 : 16} label={t('thread.more')} aria-haspopup="menu" aria-expanded={open}
        data-picker={isPhone ? undefined : 'conversation.priority'} onClick={() => setOpen(!open)}
      />
      {open && <Menu anchor={anchor} align="end" label={t('thread.more')} items={items} onClose={() => setOpen(false)} />}
    </>
  );
}

/** Whose it is, what it is about, who else is here, how long there is. */
export function ThreadProps({ conversation, onDetails }: { conversation: Conversation | undefined; onDetails: () => void }) {
  const t = useT();
  const isPhone = useIsPhone();
  const now = useNow();
  const { data: teams } = useQuery(teamsQuery);
  const [held, setHeld] = useState(false);
  if (!conversation) return <div className={css.props} />;
  const team = conversation.team?.name ?? teams?.find((one) => one.id === conversation.team_id)?.name;
  const assignee = conversation.assignee?.name;
  return (
    <div className={css.props}>
      <button type="button" className={css.prop} aria-haspopup="dialog" data-picker="conversation.assign" {...tip(t('cmd.assign'), keysOf('conversation.assign'))} onClick={() => runCommand('conversation.assign')}>
        <Icon name={assignee ? 'user' : 'userDash'} size={14} />
        <span className="sr">{t('filter.assignee')} </span>
        <bdi>{assignee ?? t('row.unassigned')}</bdi>
      </button>
      {(team || !isPhone) && (
        <button type="button" className={css.prop} aria-haspopup="dialog" data-picker="conversation.move" {...tip(t('cmd.move'), keysOf('conversation.move'))} onClick={() => runCommand('conversation.move')}>
          <Icon name="users" size={14} />
          {team && <span className="sr">{t('filter.team')} </span>}
          <bdi>{team ?? t('thread.no_team')}</bdi>
        </button>
      )}
      <div className={css.tags}>
        {conversation.priority !== 'normal' && <Chip icon="flag" tone={conversation.priority === 'urgent' ? 'bad' : 'outline'}>{t(`priority.${conversation.priority}`)}</Chip>}
        {conversation.status !== 'open' && conversation.status !== 'snoozed' && <Chip tone={conversation.status === 'closed' ? 'ok' : 'fill'}>{t(`status.${conversation.status}`)}</Chip>}
        {conversation.legal_hold && <button type="button" aria-haspopup="dialog" onClick={() => setHeld(true)}><Chip icon="lock" tone="outline">{t('thread.held')}</Chip></button>}
        {conversation.tags.map((tag) => <TagChip key={tag.name} name={tag.name} color={tag.color} />)}
      </div>
      {held && <Suspense><HoldDialog id={conversation.id} onClose={() => setHeld(false)} /></Suspense>}
      <span className="grow" />
      <Here id={conversation.id} />
      <Followers key={conversation.id} conversation={conversation} />
      {conversation.snoozed_until && <RestChip icon={conversation.status === 'snoozed' ? 'moon' : 'pause'}>{t('thread.until', { time: momentLabel(conversation.snoozed_until, now) })}</RestChip>}
      {conversation.status === 'open' && conversation.due_at && <DueChip due={conversation.due_at} since={conversation.waiting_since} words={!isPhone} />}
      {isPhone && <IconButton icon="right" label={t('thread.details')} onClick={onDetails} />}
    </div>
  );
}

function Here({ id }: { id: number }) {
  const t = useT();
  const people = usePresent(id).filter((one) => one.state !== 'background');
  if (!people.length) return null;
  const viewing = people.filter((one) => one.state === 'viewing');
  return (
    <span className={css.here}>
      {people.slice(0, 3).map((one) => (
        <span key={one.id} {...tip(t(one.state === 'typing' ? 'presence.replying' : 'presence.viewing', { name: one.name }))}>
          <Avatar name={one.name} seed={one.id} size={18} kind="agent" ring={one.state === 'typing' ? 'typing' : 'viewing'} label={t(one.state === 'typing' ? 'presence.replying' : 'presence.viewing', { name: one.name })} />
        </span>
      ))}
      {viewing.length > 0 && <span className={css.hereWord}>{t('presence.viewing_word')}</span>}
    </span>
  );
}
