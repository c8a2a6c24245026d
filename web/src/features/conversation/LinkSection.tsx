import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api/client';
import { conversationKeys, conversationQuery } from '@/api/conversations';
import { can, meQuery } from '@/api/directory';
import type { Conversation, Id } from '@/api/types';
import { problemText } from '@/api/words';
import { useT, type MessageKey } from '@/lib/i18n';
import { Link } from '@/lib/router';
import { Button } from '@/ui/Button';
import { Chip } from '@/ui/Chip';
import { Input, Select } from '@/ui/Field';
import { IconButton } from '@/ui/IconButton';
import { toast } from '@/ui/Toast';
import css from './Side.module.css';

type Linked = Conversation['links'] extends (infer T)[] | null ? T : never;

const kinds = ['related', 'duplicate', 'part_of', 'has_part'] as const;
const words: Record<string, MessageKey> = {
  related: 'links.related', duplicate: 'links.duplicate', part_of: 'links.part_of', has_part: 'links.has_part', merged: 'links.merged', split: 'links.split',
};

/** Other conversations that belong to this one. */
export function LinkSection({ id }: { id: Id }) {
  const t = useT();
  const { data: me } = useQuery(meQuery);
  const { data: conversation } = useQuery(conversationQuery(id));
  const [adding, setAdding] = useState(false);
  const links = conversation?.links ?? [];
  const mayChange = can(me, 'conversations:update');
  if (!conversation || (!links.length && !mayChange)) return null;
  return (
    <section aria-label={t('links.title')}>
      <div className={css.sectionHead}>
        <h3>{t('links.title')}</h3>
        {mayChange && <IconButton icon="plus" size={14} label={t('links.add')} aria-expanded={adding} onClick={() => setAdding(!adding)} />}
      </div>
      {links.length > 0 && <ul className={css.list}>{links.map((one) => <Line key={one.id} id={id} one={one} mayChange={mayChange} />)}</ul>}
      {adding && <Form id={id} onDone={() => setAdding(false)} />}
    </section>
  );
}

function useRenewed(id: Id) {
  const queries = useQueryClient();
  return () => Promise.all([queries.invalidateQueries({ queryKey: conversationKeys.detail(id) }), queries.invalidateQueries({ queryKey: conversationKeys.messages(id) })]);
}

function Line({ id, one, mayChange }: { id: Id; one: Linked; mayChange: boolean }) {
  const t = useT();
  const renewed = useRenewed(id);
  const put = (kind: string) => api.post<void>(`/conversations/${id}/links`, { body: { conversation_id: one.id, kind } });
  const remove = useMutation({
    mutationFn: () => api.delete<void>(`/conversations/${id}/links/${one.id}`),
    onSuccess: async () => {
      const kind = kinds.find((known) => known === one.reason) ?? 'related';
      toast({ text: t('links.removed'), undo: () => void put(kind).then(renewed) });
      await renewed();
    },
  });
  return (
    <li className={css.linked}>
      <Link to="/conversations/$conversationId" params={{ conversationId: String(one.id) }} className={css.linkedWords}>
        <span dir="auto" className="trunc">{one.subject || t('row.no_subject')}</span>
        <span className={css.lineRest}>#{one.number} · {t(words[one.reason] ?? 'links.related')} {one.status === 'closed' && <Chip tone="ok">{t('status.closed')}</Chip>}</span>
      </Link>
      {mayChange && one.reason !== 'merged' && <IconButton icon="x" size={14} label={t('links.remove', { number: String(one.number) })} onClick={() => remove.mutate()} />}
    </li>
  );
}

function Form({ id, onDone }: { id: Id; onDone: () => void }) {
  const t = useT();
  const renewed = useRenewed(id);
  const [number, setNumber] = useState('');
  const [kind, setKind] = useState<string>('related');
  const other = Number(number.replace(/^\s*#/, '').trim());
  const add = useMutation({
    mutationFn: () => api.post<void>(`/conversations/${id}/links`, { body: { conversation_id: other, kind } }),
    meta: { handled: true },
    onSuccess: async () => {
      await renewed();
      onDone();
    },
  });
  return (
    <form className={css.linkForm} onSubmit={(event) => {
      event.preventDefault();
      if (other > 0) add.mutate();
    }}>
      <Input label={t('links.number')} value={number} inputMode="numeric" autoFocus error={add.error ? problemText(add.error) : undefined} onChange={(event) => setNumber(event.target.value)} />
      <Select label={t('links.kind')} value={kind} onChange={setKind} options={kinds.map((value) => ({ value, label: t(words[value]!) }))} />
      <Button type="submit" size="sm" variant="primary" disabled={!(other > 0)} busy={add.isPending}>{t('links.link')}</Button>
    </form>
  );
}
