import { useMutation, useQueryClient, type QueryKey } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { CustomField } from '@/api/types';
import { isProblem } from '@/api/problem';
import { problemText } from '@/api/words';
import { useT } from '@/lib/i18n';
import { Icon } from '@/ui/Icon';
import { isShown, type Values } from './queries';
import css from './FieldValues.module.css';

interface Props {
  title: string;
  fields: readonly CustomField[];
  values: Values;
  readOnly?: boolean;
  save: (change: Record<string, string | number | null>) => Promise<unknown>;
  /** What is asked anew after a change. */
  renews: readonly QueryKey[];
}

/** The values of the shop's own fields, each saved when it is left. */
export function FieldValues({ title, fields, values, readOnly, save, renews }: Props) {
  const shown = fields.filter((field) => !field.archived && isShown(field, values));
  if (shown.length === 0) return null;
  return (
    <section>
      <h3 className={css.head}>{title}</h3>
      <div className={css.fields}>
        {shown.map((field) => (
          <Value key={field.id} field={field} kept={values[field.key]} readOnly={readOnly} renews={renews} save={(value) => save({ [field.key]: value })} />
        ))}
      </div>
    </section>
  );
}

interface ValueProps {
  field: CustomField;
  kept: unknown;
  readOnly?: boolean;
  renews: readonly QueryKey[];
  save: (value: string | number | null) => Promise<unknown>;
}

function Value({ field, kept, readOnly, renews, save }: ValueProps) {
  const t = useT();
  const id = useId();
  const queries = useQueryClient();
  const had = kept === undefined || kept === null ? '' : String(kept);
  const [typed, setTyped] = useState<string>();
  const write = useMutation({
    mutationFn: (text: string) => save(text === '' ? null : field.kind === 'number' ? Number(text) : text),
    onSuccess: async () => {
      await Promise.all(renews.map((queryKey) => queries.invalidateQueries({ queryKey })));
      setTyped(undefined);
    },
    meta: { handled: true },
  });
  const done = (text: string | undefined) => {
    if (text === undefined) return;
    if (text.trim() === had) setTyped(undefined);
    else write.mutate(text.trim());
  };
  const value = typed ?? had;
  const missing = field.required_on_close && value === '';
  const control = {
    id, value, disabled: readOnly, 'aria-invalid': write.error ? true : undefined, 'aria-describedby': write.error || missing ? `${id}-hint` : undefined,
  } as const;
  return (
    <div className={css.field}>
      <label htmlFor={id}><bdi>{field.label}</bdi></label>
      {field.kind === 'choice' ? (
        <span className={css.box}>
          <select {...control} onChange={({ target }) => { setTyped(target.value); done(target.value); }}>
            <option value="">–</option>
            {had && !field.choices?.includes(had) && <option value={had}>{had}</option>}
            {field.choices?.map((choice) => <option key={choice} value={choice}>{choice}</option>)}
          </select>
          <Icon name="down" size={12} />
        </span>
      ) : (
        <span className={css.box}>
          <input
            {...control} type={field.kind === 'date' ? 'date' : field.kind === 'number' ? 'number' : 'text'} step="any" maxLength={1000} placeholder="–" dir="auto" autoComplete="off"
            onChange={({ target }) => setTyped(target.value)} onBlur={() => done(typed)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && !event.nativeEvent.isComposing) event.currentTarget.blur();
              if (event.key === 'Escape') setTyped(undefined);
            }}
          />
        </span>
      )}
      {write.error ? <p id={`${id}-hint`} className={css.wrong} role="alert">{reason(write.error)}</p>
        : missing && <p id={`${id}-hint`} className={css.hint}>{t('fields.needed')}</p>}
    </div>
  );
}

function reason(error: Error): string {
  return (isProblem(error) && error.errors[0]?.message) || problemText(error);
}
