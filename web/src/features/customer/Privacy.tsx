import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api/client';
import { agentsQuery, can, meQuery } from '@/api/directory';
import type { Customer } from '@/api/types';
import { useWrite } from '@/api/useWrite';
import { problemText } from '@/api/words';
import { fullTime } from '@/lib/dates';
import { fileSize } from '@/lib/formats';
import { useT } from '@/lib/i18n';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Input, Textarea } from '@/ui/Field';
import { Patient, Skeleton } from '@/ui/Skeleton';
import { toast } from '@/ui/Toast';
import { holdQuery, knownKeys, requestsQuery, type CustomerRequest, type ErasePlan } from './known';
import { customerKeys } from './queries';
import { titleOf } from './unmerge';
import css from './CustomerPage.module.css';

/** Says that nothing of the customer may be deleted, and why. */
export function HoldBanner({ customer }: { customer: Customer }) {
  const t = useT();
  const { data: me } = useQuery(meQuery);
  const { data: agents } = useQuery(agentsQuery);
  const { data } = useQuery(holdQuery(customer.id));
  const release = useWrite(() => api.delete(`/customers/${customer.id}/legal-hold`), { renews: [customerKeys.one(customer.id)] });
  const hold = data?.hold;
  if (!hold) return null;
  const by = agents?.find((agent) => agent.id === hold.agent_id)?.name ?? '';
  return (
    <Banner tone="info" icon="lock" actions={can(me, 'holds:manage') && <Button size="sm" busy={release.isPending} onClick={() => release.mutate()}>{t('privacy.release')}</Button>}>
      <strong>{t('privacy.held')}</strong> <span dir="auto">{hold.reason}</span> <span className="muted">{by} · {fullTime(hold.placed_at)}</span>
    </Banner>
  );
}

export function HoldDialog({ customer, onClose }: { customer: Customer; onClose: () => void }) {
  const t = useT();
  const [reason, setReason] = useState('');
  const place = useWrite(() => api.put(`/customers/${customer.id}/legal-hold`, { body: { reason } }), { renews: [customerKeys.one(customer.id)], handled: true });
  const save = () => reason.trim() && place.mutate(undefined, { onSuccess: onClose });
  return (
    <Dialog
      title={t('privacy.hold')} onClose={onClose}
      actions={<>
        <Button variant="ghost" onClick={onClose}>{t('ui.cancel')}</Button>
        <Button variant="primary" busy={place.isPending} disabled={!reason.trim()} onClick={save}>{t('privacy.hold_do')}</Button>
      </>}
    >
      <form className={css.form} onSubmit={(event) => {
        event.preventDefault();
        save();
      }}>
        <p>{t('privacy.hold_text')}</p>
        {place.error && <Banner tone="bad">{problemText(place.error)}</Banner>}
        <Textarea label={t('privacy.reason')} rows={3} maxLength={1000} data-autofocus value={reason} onChange={(event) => setReason(event.target.value)} />
      </form>
    </Dialog>
  );
}

/** Asks for an export and hands its file out. */
export function ExportDialog({ customer, onClose }: { customer: Customer; onClose: () => void }) {
  const t = useT();
  const { data, error } = useQuery(requestsQuery(customer.id));
  const ask = useWrite(() => api.post(`/customers/${customer.id}/export`), { renews: [knownKeys.requests(customer.id)], handled: true });
  const exports = data?.filter((one) => one.kind === 'export').slice(0, 5) ?? [];
  const busy = exports.some((one) => one.state === 'waiting');
  return (
    <Dialog
      title={t('privacy.export')} onClose={onClose}
      actions={<>
        <Button variant="ghost" onClick={onClose}>{t('ui.close')}</Button>
        <Button variant="primary" busy={ask.isPending || busy} onClick={() => ask.mutate()}>{t('privacy.export_do')}</Button>
      </>}
    >
      <div className={css.form}>
        <p>{t('privacy.export_text')}</p>
        {(ask.error || error) && <Banner tone="bad">{problemText(ask.error ?? error)}</Banner>}
        <ul className={css.notes} aria-live="polite">{exports.map((one) => <Export key={one.id} one={one} />)}</ul>
      </div>
    </Dialog>
  );
}

function Export({ one }: { one: CustomerRequest }) {
  const t = useT();
  return (
    <li className={css.line}>
      <span className="grow">
        {fullTime(one.created_at)}
        <span className="muted"> · {one.state === 'waiting' ? t('privacy.export_waiting') : one.error || (one.download_url ? fileSize(one.size) : t('privacy.export_gone'))}</span>
      </span>
      {one.download_url && <a href={one.download_url} download className={css.download}>{t('privacy.download')}</a>}
    </li>
  );
}

/** Shows what an erasure takes and asks for the name before it begins. */
export function EraseDialog({ customer, onClose }: { customer: Customer; onClose: () => void }) {
  const t = useT();
  const [typed, setTyped] = useState('');
  const { data: plan, error } = useQuery({ queryKey: [...customerKeys.one(customer.id), 'erase'], queryFn: ({ signal }) => api.get<ErasePlan>(`/customers/${customer.id}/erase`, { signal }), gcTime: 0, retry: false });
  const erase = useWrite(() => api.post(`/customers/${customer.id}/erase`, { body: { confirm: typed } }), { renews: [customerKeys.all], handled: true });
  const ready = plan && !plan.legal_hold && typed.trim().toLowerCase() === plan.confirm.trim().toLowerCase();
  const go = () => {
    if (!ready || erase.isPending) return;
    erase.mutate(undefined, {
      onSuccess: () => {
        onClose();
        toast({ text: t('privacy.erase_begun', { name: titleOf(customer) }) });
      },
    });
  };
  return (
    <Dialog
      title={t('privacy.erase')} onClose={onClose}
      actions={<>
        <Button variant="ghost" onClick={onClose}>{t('ui.cancel')}</Button>
        <Button variant="danger" disabled={!ready} busy={erase.isPending} onClick={go}>{t('privacy.erase_do')}</Button>
      </>}
    >
      <form className={css.form} onSubmit={(event) => {
        event.preventDefault();
        go();
      }}>
        {(error || erase.error) && <Banner tone="bad">{problemText(erase.error ?? error)}</Banner>}
        {!plan && !error && <Patient label={t('ui.loading')}><Skeleton width="70%" /><Skeleton width="50%" /></Patient>}
        {plan?.legal_hold && <Banner tone="warn" icon="lock">{t('privacy.erase_held')}</Banner>}
        {plan && <>
          <p>{t('privacy.erase_text')}</p>
          <ul className={css.plan}>
            <li>{t('privacy.erase_conversations', { count: plan.conversations, messages: plan.messages })}</li>
            <li>{t('privacy.erase_files', { count: plan.files, size: fileSize(plan.bytes) })}</li>
            <li>{t('privacy.erase_addresses', { count: plan.addresses })}</li>
          </ul>
          <p className="muted">{t('privacy.erase_stays')}</p>
          {!plan.legal_hold && <Input label={t('privacy.erase_type', { name: plan.confirm })} autoComplete="off" data-autofocus value={typed} onChange={(event) => setTyped(event.target.value)} />}
        </>}
      </form>
    </Dialog>
  );
}
