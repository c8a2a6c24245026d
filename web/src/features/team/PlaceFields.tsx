import { useQuery } from '@tanstack/react-query';
import { inboxesQuery, rolesQuery, teamsQuery } from '@/api/directory';
import type { Id, InboxAccess } from '@/api/types';
import { useT } from '@/lib/i18n';
import { Select } from '@/ui/Field';
import { Checkbox } from '@/ui/Toggle';
import css from './People.module.css';
import { accessLevels, accessName, roleName } from './words';

export interface Place {
  role_id: Id;
  team_ids: Id[];
  inboxes: { inbox_id: Id; access: InboxAccess }[];
}

interface Props {
  value: Place;
  error?: string;
  onChange: (change: Partial<Place>) => void;
}

/** What somebody may do and see: role, teams, inboxes. */
export function PlaceFields({ value, error, onChange }: Props) {
  const t = useT();
  const { data: roles = [] } = useQuery(rolesQuery);
  const { data: teams = [] } = useQuery(teamsQuery);
  const { data: inboxes = [] } = useQuery(inboxesQuery);
  const role = roles.find(({ id }) => id === value.role_id);
  const seesAll = role?.permissions.includes('conversations:see_all');
  const toggle = (id: Id) =>
    onChange({ team_ids: value.team_ids.includes(id) ? value.team_ids.filter((one) => one !== id) : [...value.team_ids, id] });
  const setAccess = (id: Id, access: InboxAccess | 'default') => {
    const others = value.inboxes.filter(({ inbox_id }) => inbox_id !== id);
    onChange({ inboxes: access === 'default' ? others : [...others, { inbox_id: id, access }] });
  };
  return (
    <>
      <Select
        label={t('people.role')} value={String(value.role_id)} error={error} onChange={(id) => onChange({ role_id: Number(id) })}
        options={roles.map((one) => ({ value: String(one.id), label: roleName(one) }))}
      />
      {teams.length > 0 && (
        <fieldset className={css.ticks}>
          <legend>{t('settings.teams')}</legend>
          {teams.map((team) => (
            <Checkbox key={team.id} checked={value.team_ids.includes(team.id)} onChange={() => toggle(team.id)}><bdi>{team.name}</bdi></Checkbox>
          ))}
        </fieldset>
      )}
      {inboxes.length > 0 && (
        <fieldset className={css.access}>
          <legend className="sr">{t('people.inboxes')}</legend>
          <span aria-hidden="true" style={{ fontWeight: 500 }}>{t('people.inboxes')}</span>
          {seesAll ? <p className={css.note}>{t('people.sees_all')}</p> : inboxes.map((inbox) => (
            <div key={inbox.id} className={css.accessLine}>
              <bdi className="trunc">{inbox.name}</bdi>
              <Select
                label={t('people.access_to', { inbox: inbox.name })} hideLabel
                value={value.inboxes.find(({ inbox_id }) => inbox_id === inbox.id)?.access ?? 'default'}
                onChange={(access) => setAccess(inbox.id, access)}
                options={[
                  { value: 'default' as const, label: t('access.default', { access: accessName(inbox.default_access) }) },
                  ...accessLevels.map((access) => ({ value: access, label: accessName(access) })),
                ]}
              />
            </div>
          ))}
        </fieldset>
      )}
    </>
  );
}
