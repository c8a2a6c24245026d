import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api/client';
import { agentsQuery, can, meQuery } from '@/api/directory';
import type { Id } from '@/api/types';
import { useWrite } from '@/api/useWrite';
import { problemText } from '@/api/words';
import { fullTime, listTime } from '@/lib/dates';
import { useT } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Textarea } from '@/ui/Field';
import { IconButton } from '@/ui/IconButton';
import { toast } from '@/ui/Toast';
import { knownKeys, notesQuery, type CustomerNote } from './known';
import { More } from './More';
import css from './CustomerPage.module.css';

/** What agents noted about a customer, each with who and when. */
export function CustomerNotes({ customer }: { customer: Id }) {
  const t = useT();
  const { data: me } = useQuery(meQuery);
  const list = useInfiniteQuery(notesQuery(customer));
  const renews = [knownKeys.notes(customer)];
  const [text, setText] = useState('');
  const add = useWrite((words: string) => api.post<CustomerNote>(`/customers/${customer}/notes`, { body: { text: words } }), { renews, handled: true });
  const notes = list.data?.pages.flatMap((page) => page.items) ?? [];
  const mayWrite = can(me, 'customers:write');
  const save = () => text.trim() && add.mutate(text, { onSuccess: () => setText('') });
  if (!mayWrite && list.data && !notes.length) return null;
  return (
    <section>
      <h3 className={css.head}>{t('customers.notes')}</h3>
      {mayWrite && (
        <form className={css.noteForm} onSubmit={(event) => {
          event.preventDefault();
          save();
        }}>
          <Textarea
            label={t('customers.note_new')} hideLabel placeholder={t('customers.note_new')} rows={2} maxLength={10_000} dir="auto" value={text} onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
              event.preventDefault();
              save();
            }}
          />
          {text.trim() && <Button type="submit" size="sm" busy={add.isPending}>{t('customers.note_add')}</Button>}
        </form>
      )}
      {add.error && <Banner tone="bad">{problemText(add.error)}</Banner>}
      {list.error && <Banner tone="bad">{problemText(list.error)}</Banner>}
      <ul className={css.notes}>{notes.map((note) => <Note key={note.id} note={note} customer={customer} mine={note.agent_id === me?.id && mayWrite} />)}</ul>
      <More list={list} />
    </section>
  );
}

function Note({ note, customer, mine }: { note: CustomerNote; customer: Id; mine: boolean }) {
  const t = useT();
  const now = useNow();
  const { data: agents } = useQuery(agentsQuery);
  const [text, setText] = useState<string>();
  const renews = [knownKeys.notes(customer)];
  const change = useWrite((words: string) => api.patch(`/customers/${customer}/notes/${note.id}`, { body: { text: words } }), { renews });
  const remove = useWrite(() => api.delete(`/customers/${customer}/notes/${note.id}`), { renews });
  const again = useWrite(() => api.post(`/customers/${customer}/notes`, { body: { text: note.text } }), { renews });
  const by = agents?.find((agent) => agent.id === note.agent_id)?.name ?? t('customers.program');
  const gone = () => remove.mutate(undefined, { onSuccess: () => toast({ text: t('customers.note_deleted'), undo: () => again.mutate() }) });
  return (
    <li className={css.note}>
      <p className={css.saidHead}>
        <bdi className="trunc">{by}</bdi>
        <time dateTime={note.created_at} title={fullTime(note.created_at)}>{listTime(note.created_at, now)}</time>
        {note.edited_at && <span className={css.quiet} title={fullTime(note.edited_at)}>{t('customers.note_edited')}</span>}
        <span className="grow" />
        {mine && text === undefined && <IconButton icon="pencil" size={14} label={t('customers.note_edit')} onClick={() => setText(note.text)} />}
        {mine && text === undefined && <IconButton icon="trash" size={14} label={t('customers.note_delete')} onClick={gone} />}
      </p>
      {text === undefined ? <p className={css.noteText} dir="auto">{note.text}</p> : (
        <form className={css.noteForm} onSubmit={(event) => {
          event.preventDefault();
          if (text.trim()) change.mutate(text, { onSuccess: () => setText(undefined) });
        }}>
          <Textarea label={t('customers.note_edit')} hideLabel rows={3} maxLength={10_000} dir="auto" autoFocus value={text} onChange={(event) => setText(event.target.value)} onKeyDown={(event) => event.key === 'Escape' && setText(undefined)} />
          <div className={css.line}>
            <Button type="submit" size="sm" variant="primary" busy={change.isPending}>{t('ui.save')}</Button>
            <Button size="sm" variant="ghost" onClick={() => setText(undefined)}>{t('ui.cancel')}</Button>
          </div>
        </form>
      )}
    </li>
  );
}
