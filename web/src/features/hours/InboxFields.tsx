import { useQuery } from '@tanstack/react-query';
import { inboxesQuery } from '@/api/directory';
import type { Id } from '@/api/types';
import { useT } from '@/lib/i18n';
import { Section } from '@/ui/Page';
import { Checkbox, Switch } from '@/ui/Toggle';
import type { FieldsProps } from './fields';
import { hoursQuery, type HoursSet } from './queries';
import css from './Hours.module.css';

/** Which inboxes keep these hours. */
export function InboxFields({ set, first, values, onSet }: FieldsProps & { set?: HoursSet; first: boolean }) {
  const t = useT();
  const { data: inboxes = [] } = useQuery(inboxesQuery);
  const { data: sets = [] } = useQuery(hoursQuery);
  const { inbox_ids: chosen, default: isDefault } = values;
  const fixed = set?.default ?? first;
  const other = (id: Id) => sets.find((one) => one.id !== set?.id && one.inbox_ids.includes(id))?.name;
  const tick = (id: Id, on: boolean) => onSet('inbox_ids', on ? [...chosen, id].sort((a, b) => a - b) : chosen.filter((one) => one !== id));
  return (
    <Section title={t('hours.inboxes')} help={t('hours.inboxes_help')}>
      <Switch checked={isDefault} disabled={fixed} help={t(fixed ? 'hours.default_fixed' : 'hours.default_help')} onChange={(on) => onSet('default', on)}>{t('hours.default_switch')}</Switch>
      {inboxes.length > 0 && (
        <ul className={css.inboxes} aria-label={t('hours.inboxes')}>
          {inboxes.map(({ id, name }) => (
            <li key={id}>
              <Checkbox checked={chosen.includes(id)} onChange={(on) => tick(id, on)}>
                <bdi>{name}</bdi>{other(id) && <span className={css.keeps}>{t('hours.keeps', { name: other(id)! })}</span>}
              </Checkbox>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
