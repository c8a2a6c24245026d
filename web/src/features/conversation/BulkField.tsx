import { useState } from 'react';
import type { ConversationItem, CustomField } from '@/api/types';
import { useT } from '@/lib/i18n';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Input, Select } from '@/ui/Field';
import css from './BulkReply.module.css';

interface Props {
  items: readonly ConversationItem[];
  fields: readonly CustomField[];
  /** The whole list is meant: there are more than these. */
  everything: boolean;
  onChange: (field: CustomField, value: string | number | null) => void;
  onClose: () => void;
}

const inputs = { text: 'text', number: 'number', date: 'date' } as const;

/** One of the shop's own fields, to be given the same value in several conversations. */
export function BulkField({ items, fields, everything, onChange, onClose }: Props) {
  const t = useT();
  const offered = fields.filter((field) => !field.archived);
  const [key, setKey] = useState(offered[0]!.key);
  const [value, setValue] = useState('');
  const field = offered.find((one) => one.key === key) ?? offered[0]!;
  const submit = () => {
    const text = value.trim();
    onClose();
    onChange(field, text === '' ? null : field.kind === 'number' ? Number(text) : text);
  };
  return (
    <Dialog
      title={t('bulk.fields')} onClose={onClose}
      actions={<>
        <Button variant="ghost" onClick={onClose}>{t('ui.cancel')}</Button>
        <Button variant="primary" keys="mod+Enter" onClick={submit}>{everything ? t('bulk.field_change_all') : t('bulk.field_change', { count: items.length })}</Button>
      </>}
    >
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit();
        }}
      >
        <Select
          data-autofocus label={t('bulk.field')} value={key} options={offered.map((one) => ({ value: one.key, label: one.label }))}
          onChange={(next) => {
            setKey(next);
            setValue('');
          }}
        />
        {field.kind === 'choice' ? (
          <Select label={t('bulk.field_value')} help={t('bulk.field_empty')} value={value} onChange={setValue} options={['', ...(field.choices ?? [])].map((choice) => ({ value: choice, label: choice || '–' }))} />
        ) : (
          <Input
            label={t('bulk.field_value')} help={t('bulk.field_empty')} type={inputs[field.kind]} step="any" maxLength={1000} dir="auto" autoComplete="off"
            value={value} onChange={(event) => setValue(event.target.value)}
          />
        )}
      </form>
    </Dialog>
  );
}
