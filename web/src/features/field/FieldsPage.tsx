import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { customFieldKeys, customFieldsQuery, type FieldSubject } from '@/api/customFields';
import type { CustomField } from '@/api/types';
import { useWaiting } from '@/api/useWaiting';
import { useWrite } from '@/api/useWrite';
import { useT } from '@/lib/i18n';
import { Awaited } from '@/ui/Awaited';
import { Button } from '@/ui/Button';
import { Chip } from '@/ui/Chip';
import { EmptyState } from '@/ui/EmptyState';
import { IconButton } from '@/ui/IconButton';
import { Page } from '@/ui/Page';
import { Row, RowBones, Rows } from '@/ui/Rows';
import { toast } from '@/ui/Toast';
import { useMovedFocus } from '@/ui/useMovedFocus';
import { FieldDialog } from './FieldDialog';
import { fieldWrites } from './queries';
import { kindWords } from './words';
import css from './FieldsPage.module.css';

type Open = CustomField | FieldSubject;

/** What the shop wants to know of conversations and customers beside what every desk knows. */
export function FieldsPage() {
  const t = useT();
  const conversations = useWaiting(customFieldsQuery('conversation'));
  const { data: customers = [] } = useQuery(customFieldsQuery('customer'));
  const [open, setOpen] = useState<Open>();
  return (
    <Page title={t('settings.fields')} column actions={<Button variant="primary" size="sm" icon="plus" onClick={() => setOpen('conversation')}>{t('fields.new')}</Button>}>
      <div className={css.page}>
        <p className="muted">{t('fields.text')}</p>
        <Awaited of={conversations} bones={<RowBones count={4} lead={false} />}>
          {(all) => all.length + customers.length === 0 ? (
            <EmptyState title={t('fields.none')} actions={<Button onClick={() => setOpen('conversation')}>{t('fields.new')}</Button>}>{t('fields.none_text')}</EmptyState>
          ) : (
            <>
              <FieldRows title={t('fields.of_conversation')} fields={all} onOpen={setOpen} />
              <FieldRows title={t('fields.of_customer')} fields={customers} onOpen={setOpen} />
            </>
          )}
        </Awaited>
      </div>
      {open && <FieldDialog field={typeof open === 'string' ? undefined : open} onClose={() => setOpen(undefined)} />}
    </Page>
  );
}

function FieldRows({ title, fields, onOpen }: { title: string; fields: readonly CustomField[]; onOpen: (field: CustomField) => void }) {
  const t = useT();
  const change = useWrite(fieldWrites.change, { renews: [customFieldKeys.all] });
  const archive = (field: CustomField) => change.mutate({ id: field.id, archived: true }, {
    onSuccess: () => toast({ text: t('fields.archived_toast', { label: field.label }), undo: () => change.mutate({ id: field.id, archived: false }) }),
  });
  const focusOn = useMovedFocus(fields);
  const up = (at: number) => {
    const [above, here] = [fields[at - 1]!, fields[at]!];
    focusOn({ row: `field-${here.id}`, way: -1 });
    change.mutate({ id: here.id, position: above.position });
    change.mutate({ id: above.id, position: here.position });
  };
  if (fields.length === 0) return null;
  return (
    <section>
      <h2 className={css.head}>{title}</h2>
      <Rows label={title}>
        {fields.map((field, at) => (
          <Row
            key={field.id} title={<bdi>{field.label}</bdi>} detail={detail(field, t)} quiet={field.archived} onOpen={() => onOpen(field)} stacks
            end={field.archived ? (
              <Button size="sm" onClick={() => change.mutate({ id: field.id, archived: false })}>{t('fields.restore')}</Button>
            ) : (
              <>
                {field.required_on_close && <Chip>{t('fields.needed')}</Chip>}
                {at > 0 && <IconButton icon="up" data-row={`field-${field.id}`} data-way="-1" label={t('fields.up', { label: field.label })} onClick={() => up(at)} />}
                <IconButton icon="trash" label={`${t('fields.archive')}: ${field.label}`} onClick={() => archive(field)} />
              </>
            )}
          />
        ))}
      </Rows>
    </section>
  );
}

function detail(field: CustomField, t: ReturnType<typeof useT>): string {
  const parts = [field.archived ? t('fields.archived') : t(kindWords[field.kind])];
  if (field.choices?.length) parts.push(field.choices.join(', '));
  if (field.shown_when) parts.push(t('fields.with', { choices: (field.shown_when.choices ?? []).join(', ') }));
  return parts.join(' · ');
}
