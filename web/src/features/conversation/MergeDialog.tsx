import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { api } from '@/api/client';
import { conversationKeys, conversationQuery, customerConversationsQuery, renewConversation } from '@/api/conversations';
import { directoryKeys } from '@/api/directory';
import type { ConversationItem, Id } from '@/api/types';
import { problemText } from '@/api/words';
import { fullTime, listTime } from '@/lib/dates';
import { useT } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Input } from '@/ui/Field';
import { toast } from '@/ui/Toast';
import css from './MergeDialog.module.css';

interface Props {
  /** What was ticked, or the one conversation that is open. */
  items: readonly ConversationItem[];
  onClose: () => void;
  onMerged: (survivor: Id, others: readonly Id[]) => void;
  onUndone: (id: Id) => void;
}

/** Makes one conversation of several: those that are ticked, or this one and another of its customer or by number. */
export function MergeDialog({ items, onClose, onMerged, onUndone }: Props) {
  const t = useT();
  const queries = useQueryClient();
  const single = items.length === 1 ? items[0] : undefined;
  const [other, setOther] = useState<Id>();
  const [number, setNumber] = useState('');
  const [kept, setKept] = useState<Id>();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState('');
  const typed = Number(number.replace(/^#/, '').trim()) || undefined;
  const second = typed ?? other;
  const found = useQuery({ ...conversationQuery(second ?? 0), enabled: single !== undefined && second !== undefined && second !== single.id, retry: false });
  const all = single ? [single, ...(found.data && second ? [found.data] : [])] : [...items];
  const survivor = all.some((one) => one.id === kept) ? kept! : Math.min(...all.map((one) => one.id));
  const ready = all.length > 1;

  const merge = async () => {
    if (!ready || busy) return;
    setBusy(true);
    const others = all.map((one) => one.id).filter((id) => id !== survivor);
    try {
      await api.post(`/conversations/${survivor}/merge`, { body: { conversation_ids: others } });
    } catch (problem) {
      setFault(problemText(problem));
      setBusy(false);
      return;
    }
    onClose();
    const renew = async () => {
      await Promise.all([survivor, ...others].map((id) => renewConversation(queries, id)));
      await queries.invalidateQueries({ queryKey: conversationKeys.each });
      await queries.invalidateQueries({ queryKey: conversationKeys.lists });
      await queries.invalidateQueries({ queryKey: directoryKeys.counts });
    };
    await renew();
    onMerged(survivor, others);
    toast({
      text: t('merge.done', { number: String(survivor) }),
      undo: () => void Promise.all(others.map((id) => api.post(`/conversations/${id}/unmerge`)))
        .then(renew).then(() => onUndone(others[0]!))
        .catch((problem: unknown) => toast({ text: problemText(problem), tone: 'bad' })),
    });
  };

  return (
    <Dialog
      title={t('merge.title')} onClose={onClose} wide
      actions={<>
        <Button variant="ghost" onClick={onClose}>{t('ui.cancel')}</Button>
        <Button variant="primary" busy={busy} disabled={!ready} onClick={() => void merge()}>{t('merge.do')}</Button>
      </>}
    >
      <form className={css.form} onSubmit={(event) => {
        event.preventDefault();
        void merge();
      }}>
        {fault && <Banner tone="bad">{fault}</Banner>}
        {single && (
          <>
            <Input
              label={t('merge.number')} inputMode="numeric" autoComplete="off" placeholder="#" data-autofocus value={number}
              onChange={(event) => setNumber(event.target.value)}
              error={typed === single.id ? t('merge.itself') : typed && found.isError ? t('merge.unknown') : undefined}
            />
            {typed === undefined && <History of={single} chosen={other} onChoose={setOther} />}
          </>
        )}
        {ready && <Keep all={all} survivor={survivor} onKeep={setKept} />}
        <p className="muted">{t('merge.text')}</p>
        <button type="submit" hidden />
      </form>
    </Dialog>
  );
}

function History({ of, chosen, onChoose }: { of: ConversationItem; chosen: Id | undefined; onChoose: (id: Id) => void }) {
  const t = useT();
  const { data } = useQuery(customerConversationsQuery(of.customer.id));
  const others = (data?.items ?? []).filter((item) => item.id !== of.id).slice(0, 12);
  if (!others.length) return null;
  return <Choices title={t('merge.history')} items={others} chosen={chosen} onChoose={onChoose} />;
}

function Keep({ all, survivor, onKeep }: { all: readonly ConversationItem[]; survivor: Id; onKeep: (id: Id) => void }) {
  const t = useT();
  return <Choices title={t('merge.keep')} items={all} chosen={survivor} onChoose={onKeep} />;
}

function Choices({ title, items, chosen, onChoose }: { title: string; items: readonly ConversationItem[]; chosen: Id | undefined; onChoose: (id: Id) => void }) {
  const t = useT();
  const now = useNow();
  const group = useId();
  return (
    <fieldset className={css.choices}>
      <legend>{title}</legend>
      {items.map((item) => (
        <label key={item.id} className={css.choice}>
          <input type="radio" name={group} checked={item.id === chosen} onChange={() => onChoose(item.id)} />
          <span className="num faint">#{item.id}</span>
          <span dir="auto" className="grow trunc">{item.subject || t('row.no_subject')}</span>
          <bdi className="muted trunc">{item.customer.name || item.customer.email}</bdi>
          <span className="muted">{t(`status.${item.status}`)}</span>
          <time className="faint" dateTime={item.last_activity_at} title={fullTime(item.last_activity_at)}>{listTime(item.last_activity_at, now)}</time>
        </label>
      ))}
    </fieldset>
  );
}
