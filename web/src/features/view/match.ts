import type { ListFilter } from '@/api/conversations';
import type { ConversationItem, Id, Status } from '@/api/types';
import type { MessageKey } from '@/lib/i18n';
import type { SearchOf } from '@/lib/router';
import { viewQuery, type View } from './views';

/** Which of the three faces of a view is shown: what needs a reply, what waits for the customer, both with the snoozed. */
export type Tab = 'open' | 'pending' | 'all';

const allOfTab: readonly Status[] = ['open', 'pending', 'snoozed'];
const everyday: readonly Status[] = ['open', 'pending', 'snoozed', 'closed'];

/** Whether a view is about work to do, and so has tabs. */
export function hasTabs(view: View): boolean {
  if (view.kind === 'system') return view.id === 'mine' || view.id === 'unassigned';
  return view.kind !== 'saved';
}

type Search = SearchOf<'/inbox/$view'>;
export type Sort = NonNullable<Search['sort']>;
export const sorts = ['newest', 'oldest', 'waiting', 'urgency'] as const satisfies readonly Sort[];

/** How a list is sorted, and what sorts it differently. */
export interface Order {
  now: Sort;
  set: (sort: Sort) => void;
}

/** The filters of the address without what the tabs by a property choose. */
export function apart(search: Search, by: string | undefined): Search {
  if (!by) return search;
  return { ...search, [by.startsWith('field.') ? 'field' : by]: undefined, without: search.without === by ? undefined : search.without };
}

/** Whether the address narrows a list further than its view does. */
export function isNarrowed({ inbox, team, tag, assignee, priority, without, field }: Search): boolean {
  return Boolean(inbox || team || tag || assignee || priority || without || field);
}

/** What the list endpoint is asked for a view with the filters of the address. own are keys of the shop's own fields that are shown. */
export function listFilter(view: View, search: Search, own: readonly string[] = []): ListFilter {
  const filter: ListFilter = { ...viewQuery(view) };
  if (search.status) filter.status = search.status === 'all' ? allOfTab.join(',') : search.status;
  if (search.inbox) filter.inbox_id = search.inbox;
  if (search.team) filter.team_id = search.team;
  if (search.tag) filter.tag = search.tag;
  if (search.assignee) filter.assignee_id = search.assignee;
  if (search.priority) filter.priority = search.priority;
  if (search.without) filter.without = search.without;
  if (search.field) filter.field = search.field;
  const keys = search.field ? [...own, search.field.split(':')[0]!] : own;
  if (keys.length) filter.fields = [...new Set(keys)].sort().join();
  // A saved view has an order of its own.
  filter.sort = search.sort ?? (view.kind === 'saved' ? undefined : 'newest');
  return filter;
}

// Views that are not about a status.
const wide = new Set(['mentions', 'following', 'drafts', 'sent', 'needs_attention', 'all']);
// Whose rows cannot be told from the rows themselves.
const asked = new Set(['mentions', 'following', 'sent', 'needs_attention']);

function statusesOf(filter: ListFilter): readonly string[] {
  if (filter.status) return String(filter.status).split(',');
  const view = filter.view;
  if (filter.view_id !== undefined) return [...everyday, 'spam', 'trash'];
  if (view === undefined || wide.has(String(view))) return everyday;
  return [view === 'mine' || view === 'unassigned' ? 'open' : String(view)];
}

function assigneeFits(item: ConversationItem, asked: string | number | undefined, me: Id): boolean {
  if (asked === undefined) return true;
  if (asked === 'none') return item.assignee_id === null;
  return item.assignee_id === (asked === 'me' ? me : Number(asked));
}

function fieldFits({ custom_fields: values }: ConversationItem, asked: string): boolean {
  const [key, ...value] = asked.split(':');
  return (values?.[key!] ?? '') === value.join(':');
}

/** Whether a conversation still belongs to a list, as far as its own fields can tell. */
export function matches(item: ConversationItem, filter: ListFilter, me: Id): boolean {
  if (!statusesOf(filter).includes(item.status)) return false;
  if (filter.view === 'mine' && !assigneeFits(item, filter.assignee_id ?? 'me', me)) return false;
  if (filter.view === 'unassigned' && !assigneeFits(item, filter.assignee_id ?? 'none', me)) return false;
  if (filter.view === 'drafts' && item.draft === false) return false;
  if (!assigneeFits(item, filter.assignee_id, me)) return false;
  if (filter.inbox_id !== undefined && item.inbox_id !== Number(filter.inbox_id)) return false;
  if (filter.team_id !== undefined && item.team_id !== Number(filter.team_id)) return false;
  if (filter.tag !== undefined && !item.tags.some((tag) => tag.name === filter.tag)) return false;
  if (filter.without === 'team' && item.team_id !== null) return false;
  if (filter.without === 'tag' && item.tags.length) return false;
  if (filter.field !== undefined && !fieldFits(item, String(filter.field))) return false;
  return filter.priority === undefined || item.priority === filter.priority;
}

/** Whether a new conversation of this list can be told from its own fields; otherwise the server has to be asked. */
export function canJudge(filter: ListFilter): boolean {
  return !asked.has(String(filter.view)) && filter.view_id === undefined && filter.q === undefined;
}

/** Why a row that is still shown does not belong here any more, in a word. */
export function goneWord(item: ConversationItem, filter: ListFilter): { key: MessageKey; name?: string } {
  if (!statusesOf(filter).includes(item.status)) return { key: `status.${item.status}` };
  const wanted = filter.assignee_id ?? (filter.view === 'mine' ? 'me' : filter.view === 'unassigned' ? 'none' : undefined);
  if (wanted !== undefined) {
    return item.assignee ? { key: 'row.assigned_to', name: item.assignee.name } : { key: 'row.unassigned' };
  }
  return { key: 'row.moved' };
}
