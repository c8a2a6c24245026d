import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useId, useState } from 'react';
import { api } from '@/api/client';
import type { Customer, Id, Page as PageOf } from '@/api/types';
import { problemText } from '@/api/words';
import { useT } from '@/lib/i18n';
import { navigate } from '@/lib/router';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Input } from '@/ui/Field';
import { toast } from '@/ui/Toast';
import { MergePreview, type LabelOf } from './MergePreview';
import { customerKeys, mergePreviewQuery } from './queries';
import { titleOf, useUnmerge } from './unmerge';
import css from './Merge.module.css';

const pause = 200;
const most = 8;

interface Props {
  customer: Customer;
  /** Whom a suggestion names; otherwise they are looked for here. */
  suggested?: Customer;
  label: LabelOf;
  onClose: () => void;
}

/** Makes one customer of two: finds the other, shows what would become of both, and merges. */
export function MergeCustomers({ customer, suggested, label, onClose }: Props) {
  const t = useT();
  const queries = useQueryClient();
  const [other, setOther] = useState(suggested);
  const [kept, setKept] = useState<Id>(customer.id);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState('');
  const unmerge = useUnmerge();
  const survivor = other && kept === other.id ? other : customer;
  const gone = survivor === other ? customer : other;
  const preview = useQuery({ ...mergePreviewQuery(survivor.id, gone?.id ?? 0), enabled: gone !== undefined });

  const merge = async () => {
    if (!gone || busy || !preview.data) return;
    setBusy(true);
    try {
      await api.post(`/customers/${survivor.id}/merge`, { body: { customer_ids: [gone.id] } });
    } catch (problem) {
      setFault(problemText(problem));
      setBusy(false);
      return;
    }
    onClose();
    if (survivor !== customer) await navigate({ to: '/customers/$customerId', params: { customerId: String(survivor.id) } });
    await Promise.all([queries.invalidateQueries({ queryKey: customerKeys.all }), queries.invalidateQueries({ queryKey: ['conversations'] })]);
    toast({ text: t('merge.people_done', { name: titleOf(gone) }), undo: () => void unmerge(gone.id, titleOf(gone)) });
  };

  return (
    <Dialog
      title={t('merge.people_title')} onClose={onClose} wide
      actions={<>
        <Button variant="ghost" onClick={onClose}>{t('ui.cancel')}</Button>
        <Button variant="primary" busy={busy} disabled={!gone || !preview.data} onClick={() => void merge()}>{t('merge.do')}</Button>
      </>}
    >
      <form className={css.form} onSubmit={(event) => {
        event.preventDefault();
        void merge();
      }}>
        {fault && <Banner tone="bad">{fault}</Banner>}
        {!suggested && <Search without={customer.id} chosen={other} onChoose={setOther} />}
        {other && <Choices title={t('merge.people_keep')} items={[customer, other]} chosen={survivor.id} onChoose={(one) => setKept(one.id)} />}
        {gone && preview.error && <Banner tone="bad">{problemText(preview.error)}</Banner>}
        {gone && preview.data && <MergePreview preview={preview.data} label={label} />}
        <p className="muted">{t('merge.people_text')}</p>
        <button type="submit" hidden />
      </form>
    </Dialog>
  );
}

function Search({ without, chosen, onChoose }: { without: Id; chosen: Customer | undefined; onChoose: (one: Customer) => void }) {
  const t = useT();
  const [text, setText] = useState('');
  const [words, setWords] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setWords(text.trim()), pause);
    return () => clearTimeout(timer);
  }, [text]);
  const found = useQuery({
    queryKey: [...customerKeys.list(words), most],
    queryFn: ({ signal }) => api.get<PageOf<Customer>>('/customers', { query: { q: words, limit: most + 1 }, signal }),
    enabled: words !== '', placeholderData: (before) => before,
  });
  const items = words ? (found.data?.items ?? []).filter((one) => one.id !== without).slice(0, most) : [];
  const none = words !== '' && found.data && !found.isFetching && !items.length;
  return (
    <>
      <Input label={t('merge.people_find')} icon="search" placeholder={t('customer.find')} autoComplete="off" data-autofocus value={text} onChange={(event) => setText(event.target.value)} />
      {found.error && <Banner tone="bad">{problemText(found.error)}</Banner>}
      {none && <p className="muted" role="status">{t('customer.none_found')}</p>}
      {items.length > 0 && <Choices title={t('merge.people_found')} items={items} chosen={chosen?.id} onChoose={onChoose} />}
    </>
  );
}

function Choices({ title, items, chosen, onChoose }: { title: string; items: readonly Customer[]; chosen: Id | undefined; onChoose: (one: Customer) => void }) {
  const group = useId();
  return (
    <fieldset className={css.choices}>
      <legend>{title}</legend>
      {items.map((one) => (
        <label key={one.id} className={css.choice}>
          <input type="radio" name={group} checked={one.id === chosen} onChange={() => onChoose(one)} />
          <bdi className="trunc">{titleOf(one)}</bdi>
          <bdi className={css.addresses}>{one.identities.map((identity) => identity.value).join(', ')}</bdi>
        </label>
      ))}
    </fieldset>
  );
}
