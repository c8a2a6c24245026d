import { useQuery } from '@tanstack/react-query';
import { customFieldKeys, customFieldsQuery } from '@/api/customFields';
import type { CustomField } from '@/api/types';
import { useForm } from '@/api/useForm';
import { useWrite } from '@/api/useWrite';
import { useT } from '@/lib/i18n';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Input, Select, Textarea } from '@/ui/Field';
import { toast } from '@/ui/Toast';
import { Checkbox } from '@/ui/Toggle';
import { fieldWrites } from './queries';
import { kindWords } from './words';
import css from './FieldsPage.module.css';

type Kind = CustomField['kind'];

interface Values {
  label: string;
  subject: CustomField['subject'];
  kind: Kind;
  choices: string;
  required_on_close: boolean;
  when_key: string;
  when_choices: string[];
}

const lines = (text: string) => text.split('\n').map((line) => line.trim()).filter(Boolean);

/** Defines a field, or changes what may change of one: not what it takes, nor what it belongs to. */
export function FieldDialog({ field, onClose }: { field?: CustomField; onClose: () => void }) {
  const t = useT();
  const renews = [customFieldKeys.all];
  const create = useWrite(fieldWrites.create, { renews, handled: true });
  const change = useWrite(fieldWrites.change, { renews, handled: true });
  const form = useForm<Values>({
    label: field?.label ?? '', subject: field?.subject ?? 'conversation', kind: field?.kind ?? 'text', choices: (field?.choices ?? []).join('\n'),
    required_on_close: field?.required_on_close ?? false, when_key: field?.shown_when?.key ?? '', when_choices: field?.shown_when?.choices ?? [],
  }, {
    check: ({ label, kind, choices, when_key, when_choices }) => ({
      label: label.trim() ? undefined : t('ui.required'),
      choices: kind === 'choice' && lines(choices).length === 0 ? t('ui.required') : undefined,
      when_choices: when_key && when_choices.length === 0 ? t('ui.required') : undefined,
    }),
    save: async (values) => {
      const { subject, kind } = values;
      const body = {
        label: values.label.trim(), choices: kind === 'choice' ? lines(values.choices) : [], required_on_close: subject === 'conversation' && values.required_on_close,
        shown_when: { key: values.when_key, choices: values.when_key ? values.when_choices : [] },
      };
      if (field) await change.mutateAsync({ id: field.id, ...body });
      else await create.mutateAsync({ subject, kind, ...body, shown_when: values.when_key ? body.shown_when : undefined });
      onClose();
      if (field) {
        const was = { label: field.label, choices: field.choices, required_on_close: field.required_on_close, shown_when: field.shown_when ?? { key: '', choices: [] } };
        toast({ text: t('ui.saved'), undo: () => change.mutate({ id: field.id, ...was }) });
      }
    },
  });
  const { label, subject, kind, choices, required_on_close: required } = form.values;
  return (
    <Dialog
      title={field ? t('fields.edit') : t('fields.new')} onClose={onClose}
      actions={
        <>
          <Button variant="ghost" onClick={onClose}>{t('ui.cancel')}</Button>
          <Button variant="primary" busy={form.busy} onClick={() => void form.submit()}>{field ? t('ui.save') : t('fields.create')}</Button>
        </>
      }
    >
      <form className={css.form} {...form.props}>
        {form.fault && <Banner tone="bad">{form.fault}</Banner>}
        <Input label={t('fields.label')} maxLength={60} autoComplete="off" {...form.text('label')} value={label} help={field && t('fields.key', { key: field.key })} />
        <Select
          label={t('fields.subject')} value={subject} disabled={Boolean(field)} onChange={(next) => form.set('subject', next)}
          options={[{ value: 'conversation', label: t('fields.of_conversation') }, { value: 'customer', label: t('fields.of_customer') }]}
        />
        <Select
          label={t('fields.kind')} value={kind} disabled={Boolean(field)} onChange={(next) => form.set('kind', next)}
          options={(Object.keys(kindWords) as Kind[]).map((value) => ({ value, label: t(kindWords[value]) }))}
        />
        {kind === 'choice' && (
          <Textarea label={t('fields.choices')} help={t('fields.choices_help')} rows={5} value={choices} error={form.errorOf('choices')} onChange={({ target }) => form.set('choices', target.value)} />
        )}
        <When field={field} form={form} />
        {subject === 'conversation' && (
          <div>
            <Checkbox checked={required} onChange={(next) => form.set('required_on_close', next)}>{t('fields.required')}</Checkbox>
            <p className={css.help}>{t('fields.required_help')}</p>
          </div>
        )}
      </form>
    </Dialog>
  );
}

/** With which choices of another field this one is shown. */
function When({ field, form }: { field?: CustomField; form: ReturnType<typeof useForm<Values>> }) {
  const t = useT();
  const { subject, when_key: key, when_choices: chosen } = form.values;
  const { data: all = [] } = useQuery(customFieldsQuery(subject));
  const possible = all.filter((one) => one.kind === 'choice' && !one.shown_when && !one.archived && one.id !== field?.id);
  if (possible.length === 0) return null;
  const on = possible.find((one) => one.key === key);
  const toggle = (choice: string, into: boolean) => form.set('when_choices', into ? [...chosen, choice] : chosen.filter((one) => one !== choice));
  return (
    <>
      <Select
        label={t('fields.when')} value={key}
        onChange={(next) => { form.set('when_key', next); form.set('when_choices', []); }}
        options={[{ value: '', label: t('fields.always') }, ...possible.map((one) => ({ value: one.key, label: t('fields.when_field', { label: one.label }) }))]}
      />
      {on && (
        <fieldset className={css.choices}>
          <legend>{t('fields.when_choices')}</legend>
          {(on.choices ?? []).map((choice) => <Checkbox key={choice} checked={chosen.includes(choice)} onChange={(into) => toggle(choice, into)}>{choice}</Checkbox>)}
        </fieldset>
      )}
    </>
  );
}
