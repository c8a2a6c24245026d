import { useQuery } from '@tanstack/react-query';
import { useMemo, useState, type RefObject } from 'react';
import { loadQuery, type Load } from '@/api/load';
import { agentsQuery, inboxesQuery, meQuery, tagsQuery, teamsQuery } from '@/api/directory';
import type { ConversationItem, Id, Priority } from '@/api/types';
import { keysOf } from '@/lib/commands';
import { useT } from '@/lib/i18n';
import { Avatar } from '@/ui/Avatar';
import { TagDot } from '@/ui/Chip';
import { ComboboxPopover } from '@/ui/Combobox';
import { Icon } from '@/ui/Icon';
import { WhenPicker } from './WhenPicker';
import css from './Pickers.module.css';

export type PickerKind = 'assign' | 'snooze' | 'wait' | 'tag' | 'priority' | 'team';

interface Props {
  kind: PickerKind;
  items: readonly ConversationItem[];
  onClose: () => void;
  onAssign: (id: Id | null) => void;
  onTeam: (id: Id | null, name: string) => void;
  onInbox: (id: Id, name: string) => void;
  onPriority: (priority: Priority) => void;
  onTag: (name: string, on: boolean) => void;
  onSnooze: (at: Date, unanswered: boolean) => void;
  onWait: () => void;
}

const commandOf: Record<PickerKind, string> = {
  assign: 'conversation.assign', snooze: 'conversation.snooze', wait: 'conversation.snooze', tag: 'conversation.tag', priority: 'conversation.priority', team: 'conversation.move',
};

// Beside the button that stands for it, else at the head of the thread, else on the row.
function findAnchor(kind: PickerKind, items: readonly ConversationItem[]): HTMLElement | null {
  const buttons = [...document.querySelectorAll<HTMLElement>(`[data-picker="${commandOf[kind]}"]`)];
  return buttons.find((one) => one.offsetParent !== null)
    ?? document.getElementById(`row-${items[0]?.id}`) ?? document.getElementById('main');
}

/** The one list that is open: whom, which team, what tag, how urgent, until when. */
export function Pickers(props: Props) {
  const { kind, items } = props;
  // A stable anchor for the life of the layer.
  const anchor = useMemo<RefObject<HTMLElement | null>>(() => ({ current: findAnchor(kind, items) }), [kind, items]);
  if (kind === 'assign') return <AssignPicker {...props} anchor={anchor} />;
  if (kind === 'team') return <TeamPicker {...props} anchor={anchor} />;
  if (kind === 'tag') return <TagPicker {...props} anchor={anchor} />;
  if (kind === 'priority') return <PriorityPicker {...props} anchor={anchor} />;
  return <SnoozePicker {...props} anchor={anchor} />;
}

type Part = Props & { anchor: RefObject<HTMLElement | null> };

// What all the conversations share, or undefined.
function common<V>(items: readonly ConversationItem[], read: (item: ConversationItem) => V): V | undefined {
  const values = new Set(items.map(read));
  return values.size === 1 ? [...values][0] : undefined;
}

function AssignPicker({ items, anchor, onAssign, onClose }: Part) {
  const t = useT();
  const { data: agents } = useQuery(agentsQuery);
  const { data: me } = useQuery(meQuery);
  const { data: loads } = useQuery(loadQuery);
  const now = common(items, (item) => item.assignee_id);
  const of = (id: Id) => loads?.find((load) => load.agent_id === id);
  const active = (agents ?? []).filter((agent) => agent.active).sort((a, b) => Number(b.id === me?.id) - Number(a.id === me?.id) || freer(of(a.id), of(b.id)));
  const detail = (id: Id) => {
    const load = of(id);
    const words = [id === me?.id && t('picker.me'), load && load.presence !== 'online' && t(`presence.${load.presence}`), load && t('picker.load', { count: load.open })];
    return words.filter(Boolean).join(' · ') || undefined;
  };
  return (
    <ComboboxPopover<Id | null>
      anchor={anchor} label={t('cmd.assign')} placeholder={t('picker.assign')} onChoose={onAssign} onClose={onClose}
      choices={[
        ...active.map((agent) => ({
          value: agent.id, label: agent.name, chosen: agent.id === now, detail: detail(agent.id),
          lead: <Avatar name={agent.name} seed={agent.id} size={20} kind="agent" presence={dotOf(of(agent.id))} />,
        })),
        { value: null, label: t('picker.nobody'), chosen: now === null, lead: <Icon name="userDash" /> },
      ]}
    />
  );
}

const dotOf = (load: Load | undefined) => (load && load.presence !== 'offline' ? load.presence : undefined);
const ranks = { online: 0, away: 1, offline: 2 };

// Who is there comes first, and of these who has least.
function freer(a: Load | undefined, b: Load | undefined): number {
  return (a ? ranks[a.presence] : 3) - (b ? ranks[b.presence] : 3) || (a?.open ?? 0) - (b?.open ?? 0);
}

// Teams, and the inboxes of the same channel.
function TeamPicker({ items, anchor, onTeam, onInbox, onClose }: Part) {
  const t = useT();
  const { data: teams } = useQuery(teamsQuery);
  const { data: inboxes } = useQuery(inboxesQuery);
  const now = common(items, (item) => item.team_id);
  const inbox = common(items, (item) => item.inbox_id);
  const channel = common(items, (item) => item.channel);
  const others = (inboxes ?? []).filter((one) => !one.archived_at && one.channel === channel);
  const named = (list: { id: Id; name: string }[] | undefined, id: Id) => list?.find((one) => one.id === id)?.name ?? '';
  return (
    <ComboboxPopover<{ team: Id | null } | { inbox: Id }>
      anchor={anchor} label={t('cmd.move')} placeholder={t('picker.team')} onClose={onClose}
      onChoose={(to) => ('inbox' in to ? onInbox(to.inbox, named(inboxes, to.inbox)) : onTeam(to.team, to.team === null ? '' : named(teams, to.team)))}
      choices={[
        ...(teams ?? []).map((team) => ({ value: { team: team.id }, label: team.name, chosen: team.id === now, lead: <Icon name="users" /> })),
        { value: { team: null }, label: t('picker.no_team'), chosen: now === null, lead: <Icon name="x" /> },
        ...(others.length > 1 ? others.map((one) => ({ value: { inbox: one.id }, label: one.name, detail: t('filter.inbox'), chosen: one.id === inbox, lead: <Icon name="mail" /> })) : []),
      ]}
    />
  );
}

function TagPicker({ items, anchor, onTag, onClose }: Part) {
  const t = useT();
  const { data: tags } = useQuery(tagsQuery);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(
    () => new Set((items[0]?.tags ?? []).map((tag) => tag.name).filter((name) => items.every((item) => item.tags.some((tag) => tag.name === name)))),
  );
  const toggle = (name: string) => {
    const on = !chosen.has(name);
    setChosen((now) => (on ? new Set([...now, name]) : new Set([...now].filter((one) => one !== name))));
    onTag(name, on);
  };
  return (
    <ComboboxPopover
      anchor={anchor} label={t('cmd.tag')} placeholder={t('picker.tag')} multiple onChoose={toggle} onClose={onClose}
      choices={(tags ?? []).map((tag) => ({ value: tag.name, label: tag.name, chosen: chosen.has(tag.name), lead: <TagDot color={tag.color} /> }))}
      create={{ label: (name) => t('picker.create_tag', { name }), run: toggle }}
    />
  );
}

const priorities: readonly Priority[] = ['urgent', 'high', 'normal', 'low'];

function PriorityPicker({ items, anchor, onPriority, onClose }: Part) {
  const t = useT();
  const now = common(items, (item) => item.priority);
  return (
    <ComboboxPopover
      anchor={anchor} label={t('cmd.priority')} placeholder={t('picker.priority')} onChoose={onPriority} onClose={onClose}
      choices={priorities.map((value) => ({ value, label: t(`priority.${value}`), chosen: value === now, lead: <Icon name="flag" className={css[value]} /> }))}
    />
  );
}

function SnoozePicker({ kind, items, anchor, onSnooze, onWait, onClose }: Part) {
  const t = useT();
  const inbox = common(items, (item) => item.inbox_id);
  return <WhenPicker anchor={anchor} inbox={inbox} label={t(kind === 'wait' ? 'cmd.wait_until' : 'cmd.snooze')} set={t('snooze.set')} unanswered={kind === 'wait'} more={{ label: t('snooze.until_answer'), keys: keysOf('conversation.wait'), run: onWait }} onChoose={onSnooze} onClose={onClose} />;
}
