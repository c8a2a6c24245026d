import { useQuery } from '@tanstack/react-query';
import type { ListFilter } from '@/api/conversations';
import { inboxesQuery, teamsQuery } from '@/api/directory';
import type { ConversationItem, CustomField } from '@/api/types';
import { fullTime, listTime } from '@/lib/dates';
import { intlLocale, useT } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { TagChip } from '@/ui/Chip';
import { Clock } from './ConversationRow';
import type { Column } from './columns';

/** What one column shows of a conversation. */
export function TableCell({ column: { name, field }, item, gone, filter }: { column: Column; item: ConversationItem; gone: boolean; filter: ListFilter }) {
  const t = useT();
  if (field) return <bdi className="trunc">{shownValue(field, item.custom_fields?.[field.key])}</bdi>;
  switch (name) {
    case 'number': return <bdi className="trunc">{item.number}</bdi>;
    case 'customer': return <bdi className="trunc">{item.customer.name || item.customer.email}</bdi>;
    case 'subject': return <span dir="auto" className="trunc">{item.draft && <b>{t('row.draft')} </b>}{item.subject || t('row.no_subject')}</span>;
    case 'status': return <span className="trunc">{t(`status.${item.status}`)}</span>;
    case 'priority': return <span className="trunc">{item.priority === 'normal' ? '' : t(`priority.${item.priority}`)}</span>;
    case 'assignee': return <bdi className="trunc">{item.assignee?.name ?? ''}</bdi>;
    case 'team': return <TeamName id={item.team_id} />;
    case 'inbox': return <InboxName id={item.inbox_id} />;
    case 'tags': return item.tags.slice(0, 3).map((tag) => <TagChip key={tag.id} name={tag.name} color={tag.color} />);
    case 'due': return <Clock item={item} gone={gone} filter={filter} />;
    case 'last_activity': return <Time at={item.last_activity_at} />;
    case 'waiting_since': return item.waiting_since && <Time at={item.waiting_since} />;
    case 'created': return <Time at={item.created_at} />;
  }
}

function shownValue({ kind }: CustomField, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (kind === 'number') return new Intl.NumberFormat(intlLocale()).format(Number(value));
  if (kind !== 'date') return String(value);
  const day = Date.parse(String(value));
  return Number.isNaN(day) ? String(value) : new Intl.DateTimeFormat(intlLocale(), { dateStyle: 'medium', timeZone: 'UTC' }).format(day);
}

function Time({ at }: { at: string }) {
  const now = useNow();
  return <time dateTime={at} title={fullTime(at)}>{listTime(at, now)}</time>;
}

function TeamName({ id }: { id: number | null }) {
  const { data } = useQuery(teamsQuery);
  return <bdi className="trunc">{data?.find((team) => team.id === id)?.name}</bdi>;
}

function InboxName({ id }: { id: number }) {
  const { data } = useQuery(inboxesQuery);
  return <bdi className="trunc">{data?.find((inbox) => inbox.id === id)?.name}</bdi>;
}
