import { useState } from 'react';
import { api } from '@/api/client';
import type { Customer } from '@/api/types';
import { useWrite } from '@/api/useWrite';
import { problemText } from '@/api/words';
import { useT } from '@/lib/i18n';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Input } from '@/ui/Field';
import { IconButton } from '@/ui/IconButton';
import { toast } from '@/ui/Toast';
import { customerKeys } from './queries';
import css from './CustomerPage.module.css';

const scalar = (value: unknown) => value !== null && typeof value !== 'object';

/** What programs and agents know of a customer beside the shop's own fields, changed where it stands. */
export function EditAttributes({ customer, without }: { customer: Customer; without: readonly string[] }) {
  const t = useT();
  const [name, setName] = useState('');
  const [value, setValue] = useState('');
  const [open, setOpen] = useState(false);
  const write = useWrite((attributes: Record<string, unknown>) => api.patch(`/customers/${customer.id}`, { body: { attributes } }), { renews: [customerKeys.one(customer.id)], handled: true });
  const facts = Object.entries(customer.attributes).filter(([key, known]) => !without.includes(key) && scalar(known));
  const save = (key: string, next: string, was: unknown) => {
    if (next === String(was)) return;
    write.mutate({ [key]: next === '' ? null : typed(next, was) }, { onSuccess: () => toast({ text: t('ui.saved'), undo: () => write.mutate({ [key]: was }) }) });
  };
  const add = () => {
    if (!name.trim() || !value.trim()) return;
    write.mutate({ [name.trim()]: value.trim() }, { onSuccess: () => {
      setName('');
      setValue('');
      setOpen(false);
    } });
  };
  return (
    <section>
      <h3 className={css.head}>
        <span>{t('customer.attributes')}</span>
        {!open && <button type="button" className={css.textButton} onClick={() => setOpen(true)}>{t('customers.detail_add')}</button>}
      </h3>
      {write.error && <Banner tone="bad">{problemText(write.error)}</Banner>}
      <ul className={css.details}>
        {facts.map(([key, known]) => (
          <li key={`${key} ${String(known)}`}>
            <Input label={key} defaultValue={String(known)} onBlur={(event) => save(key, event.target.value, known)} onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()} />
            <IconButton icon="x" size={14} label={t('customers.detail_remove', { name: key })} onClick={() => save(key, '', known)} />
          </li>
        ))}
      </ul>
      {open && (
        <form className={css.form} onSubmit={(event) => {
          event.preventDefault();
          add();
        }}>
          <Input label={t('customers.detail_name')} autoFocus maxLength={60} value={name} onChange={(event) => setName(event.target.value)} />
          <Input label={t('customers.detail_value')} maxLength={500} value={value} onChange={(event) => setValue(event.target.value)} />
          <div className={css.line}>
            <Button type="submit" size="sm" variant="primary" busy={write.isPending} disabled={!name.trim() || !value.trim()}>{t('ui.save')}</Button>
            <Button size="sm" variant="ghost" onClick={() => setOpen(false)}>{t('ui.cancel')}</Button>
          </div>
        </form>
      )}
    </section>
  );
}

// A number stays a number, and yes stays yes.
function typed(text: string, was: unknown): unknown {
  if (typeof was === 'number' && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text);
  if (typeof was === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}
