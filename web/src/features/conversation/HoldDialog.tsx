import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api/client';
import { conversationKeys } from '@/api/conversations';
import { agentsQuery, can, meQuery } from '@/api/directory';
import type { Answer } from '@/api/schema';
import type { Id } from '@/api/types';
import { useWrite } from '@/api/useWrite';
import { problemText } from '@/api/words';
import { fullTime } from '@/lib/dates';
import { useT } from '@/lib/i18n';
import { navigate } from '@/lib/router';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Textarea } from '@/ui/Field';
import { Patient, Skeleton } from '@/ui/Skeleton';
import { toast } from '@/ui/Toast';
import css from './MergeDialog.module.css';

type Hold = Answer<'/conversations/{id}/legal-hold'>['hold'];

/** Who placed the legal hold of a conversation, when and why, with a way out of it; or the way to place one. */
export function HoldDialog({ id, onClose }: { id: Id; onClose: () => void }) {
  const t = useT();
  const { data: me } = useQuery(meQuery);
  const [reason, setReason] = useState('');
  const path = `/conversations/${id}/legal-hold`;
  const { data, error } = useQuery({ queryKey: [...conversationKeys.one(id), 'hold'], queryFn: ({ signal }) => api.get<{ hold: Hold | null }>(path, { signal }), gcTime: 0 });
  const renews = [conversationKeys.one(id)];
  const place = useWrite(() => api.put(path, { body: { reason } }), { renews, handled: true });
  const release = useWrite(() => api.delete(`/conversations/${data!.hold!.subject_id}/legal-hold`), { renews, handled: true });
  const hold = data?.hold;
  const may = can(me, 'holds:manage');
  const done = (text: string) => ({
    onSuccess: () => {
      onClose();
      toast({ text });
    },
  });
  const save = () => reason.trim() && place.mutate(undefined, done(t('privacy.hold_placed')));
  const fault = error ?? place.error ?? release.error;
  const onCustomer = hold?.subject === 'customer';
  return (
    <Dialog
      title={t('thread.held')} onClose={onClose}
      actions={<>
        <Button variant="ghost" data-autofocus={hold ? true : undefined} onClick={onClose}>{t(data && !hold ? 'ui.cancel' : 'ui.close')}</Button>
        {onCustomer && <Button onClick={() => void navigate({ to: '/customers/$customerId', params: { customerId: String(hold.subject_id) } })}>{t('privacy.hold_open_customer')}</Button>}
        {hold && !onCustomer && may && <Button variant="primary" busy={release.isPending} onClick={() => release.mutate(undefined, done(t('privacy.hold_released')))}>{t('privacy.release')}</Button>}
        {data && !hold && may && <Button variant="primary" busy={place.isPending} disabled={!reason.trim()} onClick={save}>{t('privacy.hold_do')}</Button>}
      </>}
    >
      <form className={css.form} onSubmit={(event) => {
        event.preventDefault();
        save();
      }}>
        {fault && <Banner tone="bad">{problemText(fault)}</Banner>}
        {!data && !error && <Patient label={t('ui.loading')}><Skeleton width="70%" /><Skeleton width="50%" /></Patient>}
        {hold && <Reason hold={hold} />}
        {onCustomer && <p className="muted">{t('privacy.hold_on_customer')}</p>}
        {data && <p className={hold ? 'muted' : undefined}>{t('privacy.hold_text')} {t('privacy.hold_stays')}</p>}
        {data && !hold && may && <Textarea label={t('privacy.reason')} rows={3} maxLength={1000} data-autofocus value={reason} onChange={(event) => setReason(event.target.value)} />}
      </form>
    </Dialog>
  );
}

function Reason({ hold }: { hold: NonNullable<Hold> }) {
  const t = useT();
  const { data: agents } = useQuery(agentsQuery);
  const by = agents?.find((agent) => agent.id === hold.agent_id)?.name ?? '';
  return (
    <div>
      <p dir="auto"><strong>{hold.reason}</strong></p>
      <p className="muted">{t('privacy.hold_by', { name: by, time: fullTime(hold.placed_at) })}</p>
    </div>
  );
}
