import { useQuery } from '@tanstack/react-query';
import type { RefObject } from 'react';
import { customFieldsQuery } from '@/api/customFields';
import { agentsQuery, inboxesQuery, tagsQuery, teamsQuery } from '@/api/directory';
import { useT } from '@/lib/i18n';
import { setSearch, type SearchOf } from '@/lib/router';
import { Button } from '@/ui/Button';
import { Select, type Option } from '@/ui/Field';
import { Icon } from '@/ui/Icon';
import { Popover } from '@/ui/Popover';
import type { View } from './views';
import css from './ConversationList.module.css';

type Search = SearchOf<'/inbox/$view'>;
const change = (part: Partial<Search>) => setSearch<'/inbox/$view'>(part);
const priorities = ['low', 'normal', 'high', 'urgent'] as const;
const none = { inbox: undefined, team: undefined, tag: undefined, assignee: undefined, priority: undefined, without: undefined, field: undefined };

function useChoices(): Record<'inbox' | 'team' | 'tag' | 'assignee' | 'priority', Option[]> {
  const t = useT();
  const { data: inboxes } = useQuery(inboxesQuery);
  const { data: teams } = useQuery(teamsQuery);
  const { data: tags } = useQuery(tagsQuery);
  const { data: agents } = useQuery(agentsQuery);
  const named = (list: { id: number; name: string }[] | undefined) => (list ?? []).map(({ id, name }) => ({ value: String(id), label: name }));
  return {
    inbox: named(inboxes?.filter((inbox) => !inbox.archived_at)),
    team: named(teams),
    tag: (tags ?? []).map(({ name }) => ({ value: name, label: name })),
    assignee: [{ value: 'me', label: t('filter.me') }, { value: 'none', label: t('row.unassigned') }, ...named(agents?.filter((agent) => agent.active))],
    priority: priorities.map((value) => ({ value, label: t(`priority.${value}`) })),
  };
}

/** What the list is narrowed to; every choice stands in the address. */
export function FilterMenu({ anchor, view, search, onClose }: { anchor: RefObject<HTMLElement | null>; view: View; search: Search; onClose: () => void }) {
  const t = useT();
  const choices = useChoices();
  const names = (['assignee', 'tag', 'priority', 'team', 'inbox'] as const).filter((name) => choices[name].length > 0 && name !== view.kind && !(name === 'assignee' && view.kind === 'system' && (view.id === 'mine' || view.id === 'unassigned')));
  return (
    <Popover anchor={anchor} align="end" label={t('list.filter')} onClose={onClose}>
      <div className={css.filters}>
        {names.map((name) => (
          <Select
            key={name} label={t(`filter.${name}`)} value={search[name] ?? ''} onChange={(value) => change({ [name]: value || undefined })}
            options={[{ value: '', label: t('filter.any') }, ...choices[name]]}
          />
        ))}
        <Button variant="ghost" size="sm" onClick={() => { change(none); onClose(); }}>{t('filter.clear')}</Button>
      </div>
    </Popover>
  );
}

/** The filters that are on, each with its own way off. */
export function FilterChips({ search }: { search: Search }) {
  const t = useT();
  const choices = useChoices();
  const { data: fields } = useQuery({ ...customFieldsQuery('conversation'), enabled: search.field !== undefined });
  const on = (['assignee', 'tag', 'priority', 'team', 'inbox', 'without', 'field'] as const).filter((name) => search[name] !== undefined);
  if (!on.length) return null;
  const labelOf = (name: (typeof on)[number]) => {
    if (name === 'without') return t(search.without === 'team' ? 'picker.no_team' : 'views.no_tag');
    if (name !== 'field') return choices[name].find((choice) => choice.value === search[name])?.label ?? search[name]!;
    const [key, ...value] = search.field!.split(':');
    return `${fields?.find((field) => field.key === key)?.label ?? key}: ${value.join(':') || t('views.no_value')}`;
  };
  return (
    <div className={css.chips}>
      {on.map((name) => {
        const label = labelOf(name);
        return (
          <button key={name} type="button" className={css.chip} aria-label={t('filter.remove', { name: label })} onClick={() => change({ [name]: undefined })}>
            <bdi>{label}</bdi>
            <Icon name="x" size={12} />
          </button>
        );
      })}
    </div>
  );
}
