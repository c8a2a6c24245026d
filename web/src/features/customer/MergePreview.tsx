import type { MergeValue, CustomerMergePreview } from '@/api/types';
import { useT } from '@/lib/i18n';
import { titleOf } from './unmerge';
import css from './Merge.module.css';

/** The name of an attribute that the shop defined as a field. */
export type LabelOf = (attribute: string) => string | undefined;

/** What a merge would do, before it is done. */
export function MergePreview({ preview, label }: { preview: CustomerMergePreview; label: LabelOf }) {
  const t = useT();
  return (
    <section className={css.preview} aria-live="polite" aria-label={t('merge.people_preview')}>
      {preview.moves.map((move) => (
        <div key={move.customer.id}>
          <p>{t('merge.people_moves', { name: titleOf(move.customer), count: move.conversations })}</p>
          <ul className={css.brought}>
            {move.customer.identities.map((one) => <li key={one.id}><bdi>{one.value}</bdi></li>)}
            {move.customer.notes && <li>{t('merge.people_notes')}</li>}
          </ul>
        </div>
      ))}
      <MergeValues title={t('merge.people_taken')} values={preview.taken} label={label} />
      <MergeValues title={t('merge.people_left')} values={preview.left} label={label} />
    </section>
  );
}

/** Values of somebody who is merged, with what stands in their place. */
export function MergeValues({ title, values, label }: { title?: string; values: readonly MergeValue[]; label: LabelOf }) {
  const t = useT();
  if (!values.length) return null;
  const name = (field: string) => {
    if (field === 'name') return t('merge.people_name');
    if (field === 'locale') return t('merge.people_language');
    const attribute = field.replace(/^attributes\./, '');
    return label(attribute) ?? attribute;
  };
  return (
    <div>
      {title && <h3 className={css.head}>{title}</h3>}
      <dl className={css.values}>
        {values.map((one) => (
          <div key={`${one.customer_id} ${one.field}`}>
            <dt><bdi>{name(one.field)}</bdi></dt>
            <dd dir="auto">{one.kept === undefined ? shown(one.value) : t('merge.people_instead', { kept: shown(one.kept), value: shown(one.value) })}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

const shown = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
