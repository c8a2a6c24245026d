import { clsx } from 'clsx';
import { useId } from 'react';
import { directoryKeys } from '@/api/directory';
import type { Tag, TagColor } from '@/api/types';
import { useForm } from '@/api/useForm';
import { useWrite } from '@/api/useWrite';
import { useT, type MessageKey } from '@/lib/i18n';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { TagChip, TagDot } from '@/ui/Chip';
import { Dialog } from '@/ui/Dialog';
import { Input } from '@/ui/Field';
import { toast } from '@/ui/Toast';
import { tagWrites, type TagValues } from './queries';
import css from './TagDialog.module.css';

const colors: Record<TagColor, MessageKey> = {
  red: 'tags.red', amber: 'tags.amber', green: 'tags.green', teal: 'tags.teal', blue: 'tags.blue',
  violet: 'tags.violet', pink: 'tags.pink', grey: 'tags.grey',
};

/** Makes a tag, or renames and recolours one. */
export function TagDialog({ tag, onClose }: { tag?: Tag; onClose: () => void }) {
  const t = useT();
  const renews = [directoryKeys.tags, ['conversations']];
  const change = useWrite(tagWrites.change, { renews, handled: true });
  const create = useWrite(tagWrites.create, { renews, handled: true });
  const form = useForm<TagValues>({ name: tag?.name ?? '', color: tag?.color ?? 'blue' }, {
    check: ({ name }) => ({ name: !name.trim() ? t('ui.required') : name.includes(',') ? t('tags.no_comma') : undefined }),
    save: async ({ name, color }) => {
      const values = { name: name.trim(), color };
      if (tag) await change.mutateAsync({ id: tag.id, ...values });
      else await create.mutateAsync(values);
      onClose();
      if (tag) toast({ text: t('ui.saved'), undo: () => change.mutate({ id: tag.id, name: tag.name, color: tag.color }) });
    },
  });
  const { name, color } = form.values;
  return (
    <Dialog
      title={tag ? t('tags.edit') : t('tags.new')} onClose={onClose}
      actions={
        <>
          <Button variant="ghost" onClick={onClose}>{t('ui.cancel')}</Button>
          <Button variant="primary" busy={form.busy} onClick={() => void form.submit()}>{tag ? t('ui.save') : t('tags.create')}</Button>
        </>
      }
    >
      <form className={css.form} {...form.props}>
        {form.fault && <Banner tone="bad">{form.fault}</Banner>}
        <Input label={t('tags.name')} maxLength={60} autoComplete="off" {...form.text('name')} end={name.trim() && <TagChip name={name.trim()} color={color} />} />
        <Swatches value={color} onChange={(next) => form.set('color', next)} />
      </form>
    </Dialog>
  );
}

function Swatches({ value, onChange }: { value: TagColor; onChange: (color: TagColor) => void }) {
  const t = useT();
  const group = useId();
  return (
    <fieldset className={css.swatches}>
      <legend>{t('tags.color')}</legend>
      {(Object.keys(colors) as TagColor[]).map((color) => (
        <label key={color} className={clsx(css.swatch, color === value && css.on)}>
          <input type="radio" className="sr" name={group} checked={color === value} onChange={() => onChange(color)} />
          <TagDot color={color} />
          {t(colors[color])}
        </label>
      ))}
    </fieldset>
  );
}
