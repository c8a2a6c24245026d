import { useQuery } from '@tanstack/react-query';
import { customFieldsQuery } from '@/api/customFields';
import { agentsQuery, inboxesQuery, tagsQuery, teamsQuery } from '@/api/directory';
import { useT } from '@/lib/i18n';
import type { TagColor } from '@/ui/Chip';
import { isOwn, type FieldName } from './tree';

interface Value {
  value: string;
  label: string;
  color?: TagColor;
}

const statuses = ['open', 'pending', 'snoozed', 'closed', 'spam', 'trash'] as const;
const priorities = ['urgent', 'high', 'normal', 'low'] as const;

/** What a field can be tested for, by the names that people know; undefined while they are on their way. */
export function useValues(field: FieldName): Value[] | undefined {
  const t = useT();
  const { data: agents } = useQuery({ ...agentsQuery, enabled: field === 'assignee' });
  const { data: teams } = useQuery({ ...teamsQuery, enabled: field === 'team' });
  const { data: tags } = useQuery({ ...tagsQuery, enabled: field === 'tag' });
  const { data: inboxes } = useQuery({ ...inboxesQuery, enabled: field === 'inbox' });
  const { data: own } = useQuery({ ...customFieldsQuery('conversation'), enabled: isOwn(field) });
  const named = (list: readonly { id: number; name: string }[]) => list.map(({ id, name }) => ({ value: String(id), label: name }));
  if (isOwn(field)) return own && (own.find((one) => `field.${one.key}` === field)?.choices ?? []).map((value) => ({ value, label: value }));
  switch (field) {
    case 'status': return statuses.map((value) => ({ value, label: t(`status.${value}`) }));
    case 'priority': return priorities.map((value) => ({ value, label: t(`priority.${value}`) }));
    case 'channel': return [{ value: 'email', label: t('views.channel_email') }];
    case 'assignee': return agents && [{ value: 'me', label: t('views.current') }, { value: 'none', label: t('picker.nobody') }, ...named(agents)];
    case 'team': return teams && [{ value: 'none', label: t('picker.no_team') }, ...named(teams)];
    case 'inbox': return inboxes && named(inboxes);
    case 'tag': return tags?.map(({ id, name, color }) => ({ value: String(id), label: name, color }));
    default: return [];
  }
}
