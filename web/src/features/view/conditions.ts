import type { Condition } from '@/api/views';
import type { Tag } from '@/api/types';
import { listFilter } from './match';
import type { View } from './views';

type Search = Parameters<typeof listFilter>[1];

const statuses = new Set(['open', 'pending', 'snoozed', 'closed', 'spam', 'trash']);

/** What a list shows, as the conditions of a saved view. "Me" stays whoever looks. */
export function conditionsOf(view: View, search: Search, tags: readonly Tag[]): Condition {
  const filter = listFilter(view, search);
  const all: Condition[] = [];
  const is = (field: string, values: string[]) => all.push({ field, op: 'is', values });
  const named = String(filter.view ?? '');
  const status = filter.status ? String(filter.status).split(',') : statuses.has(named) ? [named] : named === 'mine' || named === 'unassigned' ? ['open'] : [];
  if (status.length) is('status', status);
  const assignee = filter.assignee_id ?? (named === 'mine' ? 'me' : named === 'unassigned' ? 'none' : undefined);
  if (assignee !== undefined) is('assignee', [String(assignee)]);
  if (filter.inbox_id) is('inbox', [String(filter.inbox_id)]);
  if (filter.team_id) is('team', [String(filter.team_id)]);
  if (search.without === 'team') is('team', ['none']);
  if (search.without === 'tag') all.push({ field: 'tag', op: 'not_set' });
  const [key, ...value] = search.field?.split(':') ?? [];
  if (key) all.push(value.join(':') ? { field: `field.${key}`, op: 'is', values: [value.join(':')] } : { field: `field.${key}`, op: 'not_set' });
  if (filter.priority) is('priority', [String(filter.priority)]);
  const tag = tags.find((one) => one.name === filter.tag);
  if (tag) is('tag', [String(tag.id)]);
  return { all };
}
