import { useState } from 'react';
import { api } from '@/api/client';
import type { Customer } from '@/api/types';
import { useWrite } from '@/api/useWrite';
import { problemText } from '@/api/words';
import { useT } from '@/lib/i18n';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Input, Select } from '@/ui/Field';
import { IconButton } from '@/ui/IconButton';
import { toast } from '@/ui/Toast';
import { customerKeys } from './queries';
import css from './CustomerPage.module.css';

type Kind = Customer['identities'][number]['kind'];

/** Adds an address to a customer and takes one away. */
export function IdentityForm({ customer }: { customer: Customer }) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const [kind, setKind] = useState<Kind>('email');
  const [value, setValue] = useState('');
  const add = useWrite(() => api.patch(`/customers/${customer.id}`, { body: { add_identities: [{ kind, value }] } }), { renews: [customerKeys.one(customer.id)], handled: true });
  if (!open) return <button type="button" className={css.textButton} onClick={() => setOpen(true)}>{t('customers.identity_add')}</button>;
  const done = () => {
    setOpen(false);
    setValue('');
    add.reset();
  };
  return (
    <form className={css.form} onSubmit={(event) => {
      event.preventDefault();
      if (value.trim()) add.mutate(undefined, { onSuccess: done });
    }}>
      {add.error && <Banner tone="bad">{problemText(add.error)}</Banner>}
      <Select label={t('customers.identity_kind')} value={kind} onChange={setKind} options={(['email', 'phone', 'handle'] as const).map((one) => ({ value: one, label: t(`customers.identity_${one}`) }))} />
      <Input label={t('customers.identity_value')} autoFocus maxLength={254} autoComplete="off" value={value} onChange={(event) => setValue(event.target.value)} />
      <div className={css.line}>
        <Button type="submit" size="sm" variant="primary" busy={add.isPending} disabled={!value.trim()}>{t('customers.identity_do')}</Button>
        <Button size="sm" variant="ghost" onClick={done}>{t('ui.cancel')}</Button>
      </div>
    </form>
  );
}

/** Takes an address from a customer; it can be put back at once, though not as proved. */
export function RemoveIdentity({ customer, identity }: { customer: Customer; identity: Customer['identities'][number] }) {
  const t = useT();
  const renews = [customerKeys.one(customer.id)];
  const remove = useWrite(() => api.patch(`/customers/${customer.id}`, { body: { remove_identity_ids: [identity.id] } }), { renews });
  const back = useWrite(() => api.patch(`/customers/${customer.id}`, { body: { add_identities: [{ kind: identity.kind, value: identity.value }] } }), { renews });
  return (
    <IconButton
      icon="x" size={14} label={t('customers.identity_remove', { value: identity.value })}
      onClick={() => remove.mutate(undefined, { onSuccess: () => toast({ text: t('customers.identity_removed', { value: identity.value }), undo: () => back.mutate() }) })}
    />
  );
}
