import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { can, meQuery, agentsQuery } from '@/api/directory';
import type { Customer, MergeValue } from '@/api/types';
import { fullTime } from '@/lib/dates';
import { useT } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { Link } from '@/lib/router';
import { Button } from '@/ui/Button';
import { Icon } from '@/ui/Icon';
import { MergeValues, type LabelOf } from './MergePreview';
import { duplicatesQuery } from './queries';
import { titleOf, useUnmerge } from './unmerge';
import css from './Merge.module.css';

/** Quietly says who may be the same person. */
export function Suggestions({ customer, onMerge }: { customer: Customer; onMerge: (other: Customer) => void }) {
  const t = useT();
  const { data: me } = useQuery(meQuery);
  const { data } = useQuery({ ...duplicatesQuery(customer.id), enabled: can(me, 'customers:merge') });
  if (!data?.items.length) return null;
  return (
    <ul className={css.suggestions} aria-label={t('merge.people_maybe')}>
      {data.items.map(({ customer: other, reasons }) => (
        <li key={other.id}>
          <Icon name="users" size={14} />
          <span className="grow">
            {t('merge.people_maybe')}: <Link to="/customers/$customerId" params={{ customerId: String(other.id) }}><bdi>{titleOf(other)}</bdi></Link>
            <span className="muted">{reasons.map((reason) => ` · ${t(`merge.people_same_${reason}`)}`)}</span>
          </span>
          <Button size="sm" variant="ghost" onClick={() => onMerge(other)} aria-label={t('merge.people_compare', { name: titleOf(other) })}>{t('merge.people')}</Button>
        </li>
      ))}
    </ul>
  );
}

// The name stands above; what stays instead may have changed since.
const leftOf = (values: readonly MergeValue[]) => values.filter((one) => one.field !== 'name').map(({ kept: _kept, ...one }) => one);

/** Who was put into this customer, with what of theirs stayed behind and the way back. */
export function MergedPeople({ customer, label }: { customer: Customer; label: LabelOf }) {
  const t = useT();
  const now = useNow();
  const { data: me } = useQuery(meQuery);
  const { data: agents } = useQuery(agentsQuery);
  const unmerge = useUnmerge();
  const [busy, setBusy] = useState(0);
  if (!customer.merged?.length) return null;
  const apart = (id: number, name: string) => {
    setBusy(id);
    void unmerge(id, name).finally(() => setBusy(0));
  };
  return (
    <section>
      <h3 className={css.head}>{t('merge.people_merged')}</h3>
      <ul className={css.merged}>
        {customer.merged.map((one) => {
          const by = agents?.find((agent) => agent.id === one.agent_id)?.name;
          return (
            <li key={one.id}>
              <div className={css.mergedLine}>
                <span className="grow">
                  <bdi>{one.name || `#${one.id}`}</bdi>
                  <span className="muted">{[by, fullTime(one.at)].map((part) => part && ` · ${part}`)}</span>
                </span>
                {can(me, 'customers:merge') && now < Date.parse(one.undo_until) && (
                  <Button size="sm" variant="ghost" busy={busy === one.id} aria-label={t('merge.people_apart_from', { name: one.name || `#${one.id}` })} onClick={() => apart(one.id, one.name || `#${one.id}`)}>{t('merge.people_apart')}</Button>
                )}
              </div>
              <MergeValues values={leftOf(one.left)} label={label} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}
