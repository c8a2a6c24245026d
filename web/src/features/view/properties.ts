import { useQuery } from '@tanstack/react-query';
import { customFieldsQuery } from '@/api/customFields';
import { meQuery, tagsQuery } from '@/api/directory';
import type { Id } from '@/api/types';
import { useT } from '@/lib/i18n';
import type { SearchOf } from '@/lib/router';
import type { FieldName } from './tree';
import { useValues } from './useValues';
import type { View } from './views';

type Search = SearchOf<'/inbox/$view'>;
type Known = (typeof known)[number];

const known = ['assignee', 'team', 'tag', 'priority', 'status', 'inbox'] as const;

/** What the tabs of a view can be by; a view that is about a property, or has tabs of its status already, is left alone with it. */
export function useProperties(view?: View): { value: string; label: string }[] {
  const t = useT();
  const { data: own } = useQuery(customFieldsQuery('conversation'));
  const choices = (own ?? []).filter((field) => field.kind === 'choice' && !field.archived).map(({ key, label }) => ({ value: `field.${key}`, label }));
  return [...known.filter((name) => !view || !isAbout(view, name)).map((value) => ({ value: value as string, label: t(`views.field_${value}`) })), ...choices];
}

function isAbout(view: View, name: Known): boolean {
  if (view.kind === 'saved') return false;
  if (view.kind !== 'system') return name === view.kind || name === 'status';
  if (view.id === 'mine' || view.id === 'unassigned') return name === 'assignee' || name === 'status';
  return name === 'status' && view.id !== 'all' && view.id !== 'sent' && view.id !== 'following' && view.id !== 'mentions';
}

/** One value of a property as the server names it, with what people call it and what it is in the address. */
export interface PropertyValue {
  value: string;
  label: string;
  search: Partial<Search>;
}

/** The values of a property in the order of their tabs: mine first, what has none last. Undefined while their names are on their way. */
export function usePropertyValues(by: string): PropertyValue[] | undefined {
  const t = useT();
  const { data: me } = useQuery(meQuery);
  const { data: tags } = useQuery({ ...tagsQuery, enabled: by === 'tag' });
  const values = useValues(by as FieldName);
  if (!values || !me || (by === 'tag' && !tags)) return undefined;
  const own = by.startsWith('field.') ? by.slice('field.'.length) : undefined;
  if (own !== undefined) {
    const of = (value: string): Partial<Search> => ({ field: `${own}:${value}` });
    return [...values.map(({ value, label }) => ({ value, label, search: of(value) })), { value: '', label: t('views.no_value'), search: of('') }];
  }
  if (by === 'assignee') {
    const others = values.filter(({ value }) => Number(value) && Number(value) !== me.id);
    return [
      { value: String(me.id), label: t('filter.me'), search: { assignee: 'me' } }, { value: '', label: t('row.unassigned'), search: { assignee: 'none' } },
      ...others.map(({ value, label }) => ({ value, label, search: { assignee: value } })),
    ];
  }
  const some = values.filter(({ value }) => value !== 'none').map(({ value, label }) => ({ value, label, search: { [by]: by === 'tag' ? label : value } }));
  if (by === 'team') some.push({ value: '', label: t('picker.no_team'), search: { without: 'team' } });
  if (by === 'tag') some.push({ value: '', label: t('views.no_tag'), search: { without: 'tag' } });
  return some;
}

/** What takes a choice among the tabs back. */
export function noTab(by: string): Partial<Search> {
  if (by.startsWith('field.')) return { field: undefined };
  return by === 'team' || by === 'tag' ? { [by]: undefined, without: undefined } : { [by]: undefined };
}

export function isChosen(search: Search, { search: own }: PropertyValue, me: Id | undefined): boolean {
  if (own.assignee === 'me' && Number(search.assignee) === me) return true;
  return Object.entries(own).every(([name, value]) => search[name as keyof Search] === value);
}
