import { useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { customFieldsQuery } from '@/api/customFields';
import { useT } from '@/lib/i18n';
import { TagDot } from '@/ui/Chip';
import { ComboboxPopover } from '@/ui/Combobox';
import { Input, Select } from '@/ui/Field';
import { Icon } from '@/ui/Icon';
import { IconButton } from '@/ui/IconButton';
import { fields, isOwn, newTest, opsOf, withOp, type FieldName, type Test, type TestKind } from './tree';
import { useValues } from './useValues';
import css from './ViewEditor.module.css';

interface Props {
  test: Test;
  faulty: boolean;
  onChange: (test: Test) => void;
  onRemove: () => void;
}

/** One test of a view: what, how, and for which values. */
export function ConditionTest({ test, faulty, onChange, onRemove }: Props) {
  const t = useT();
  const { data: own } = useQuery(customFieldsQuery('conversation'));
  const ownKind = own?.find((one) => `field.${one.key}` === test.field)?.kind;
  const kind: TestKind = isOwn(test.field) ? `own_${ownKind ?? 'text'}` : fields[test.field];
  const kindOf = (field: FieldName): TestKind => (isOwn(field) ? `own_${own!.find((one) => `field.${one.key}` === field)!.kind}` : fields[field]);
  const ownFields = (own ?? []).filter((one) => !one.archived || `field.${one.key}` === test.field).map((one) => ({ value: `field.${one.key}` as FieldName, label: one.label }));
  const valueless = test.op === 'set' || test.op === 'not_set';
  return (
    <div className={css.test}>
      <Select
        hideLabel label={t('views.field')} className={css.field} value={test.field}
        onChange={(field) => onChange({ ...newTest(field, kindOf(field)), key: test.key })}
        options={[...(Object.keys(fields) as (keyof typeof fields)[]).map((value) => ({ value: value as FieldName, label: t(`views.field_${value}`) })), ...ownFields]}
      />
      <Select
        hideLabel label={t('views.op')} className={css.op} value={test.op} onChange={(op) => onChange(withOp(test, op))}
        options={opsOf[kind].map((value) => ({ value, label: t(`views.op_${value}`) }))}
      />
      <div className={css.value}>
        {(kind === 'choice' || kind === 'several' || kind === 'own_choice') && !valueless && <Choices test={test} faulty={faulty} onChange={(values) => onChange({ ...test, values })} />}
        {(kind === 'text' || kind === 'own_text' || kind === 'own_number') && !valueless && (
          <Input
            hideLabel label={t('views.value')} maxLength={kind === 'own_number' ? 40 : 200} type={kind === 'own_number' ? 'number' : 'text'} step="any" value={test.values[0] ?? ''} aria-invalid={faulty || undefined}
            error={faulty ? t('ui.required') : undefined} onChange={(event) => onChange({ ...test, values: [event.target.value] })}
          />
        )}
        {(kind === 'moment' || kind === 'own_date') && <Moment test={test} faulty={faulty} onChange={(values) => onChange({ ...test, values })} />}
      </div>
      <IconButton icon="x" label={t('views.remove')} onClick={onRemove} />
    </div>
  );
}

interface ValueProps {
  test: Test;
  faulty: boolean;
  onChange: (values: string[]) => void;
}

// Any of several; what is there no more stays visible until it is taken out.
function Choices({ test, faulty, onChange }: ValueProps) {
  const t = useT();
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const known = useValues(test.field);
  const chosen = test.values.map((value) => known?.find((one) => one.value === value) ?? { value, label: known ? t('views.gone', { id: value }) : '…', gone: known !== undefined });
  const toggle = (value: string) => onChange(test.values.includes(value) ? test.values.filter((one) => one !== value) : [...test.values, value]);
  const names = chosen.map((one) => one.label).join(', ');
  const isGone = chosen.some((one) => 'gone' in one && one.gone);
  return (
    <>
      <button
        ref={anchor} type="button" className={css.choices} aria-haspopup="dialog" aria-expanded={open} aria-invalid={faulty || undefined}
        aria-label={`${t('views.value')}: ${names || t('views.choose')}`} onClick={() => setOpen(!open)}
      >
        {isGone && <Icon name="warn" size={14} className={css.gone} />}
        <span className={names ? 'trunc' : 'trunc faint'}>{names || t('views.choose')}</span>
        <Icon name="down" size={14} />
      </button>
      {open && (
        <ComboboxPopover
          anchor={anchor} label={t('views.value')} multiple onChoose={toggle} onClose={() => setOpen(false)}
          choices={[...chosen.filter((one) => 'gone' in one && one.gone), ...(known ?? [])].map((one) => ({
            value: one.value, label: one.label, chosen: test.values.includes(one.value), lead: 'color' in one && one.color ? <TagDot color={one.color} /> : undefined,
          }))}
        />
      )}
    </>
  );
}

const units = ['m', 'h', 'd', 'w'] as const;

function Moment({ test, faulty, onChange }: ValueProps) {
  const t = useT();
  if (test.op === 'set' || test.op === 'not_set') return null;
  if (test.op === 'after' || test.op === 'before') {
    return (
      <Input
        hideLabel label={t('views.day')} type="date" value={test.values[0] ?? ''} error={faulty ? t('ui.required') : undefined}
        onChange={(event) => onChange(event.target.value ? [event.target.value] : [])}
      />
    );
  }
  const [, number = '', unit = 'd'] = /^(\d*)([mhdw])$/.exec(test.values[0] ?? '') ?? [];
  return (
    <div className={css.span}>
      <Input
        hideLabel label={t('views.number')} type="number" min={1} max={9999} inputMode="numeric" value={number} error={faulty ? t('ui.required') : undefined}
        onChange={(event) => onChange(/^[1-9]\d{0,3}$/.test(event.target.value) ? [event.target.value + unit] : [])}
      />
      <Select
        hideLabel label={t('views.unit')} value={unit} onChange={(next) => onChange([`${number || '1'}${next}`])}
        options={units.map((value) => ({ value: value as string, label: t(`views.unit_${value}`) }))}
      />
    </div>
  );
}
