import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { api, newIdempotencyKey } from '@/api/client';
import { conversationKeys } from '@/api/conversations';
import { inboxesQuery } from '@/api/directory';
import { ApiProblem } from '@/api/problem';
import type { Address, Attachment, Customer, Id, Message, Page as PageOf } from '@/api/types';
import { problemText } from '@/api/words';
import { keysOf, useCommand } from '@/lib/commands';
import { useT } from '@/lib/i18n';
import { guardLeaving, navigate, type PageProps } from '@/lib/router';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { Input, Select } from '@/ui/Field';
import { IconButton } from '@/ui/IconButton';
import { Page } from '@/ui/Page';
import type { EditorHandle } from './Editor';
import { FileList } from './FileList';
import { AddressLine } from './Recipients';
import { countAgainst, ToneCheck, type ToneHandle } from './ToneCheck';
import { useFiles } from './useFiles';
import { WritingField } from './WritingField';
import css from './NewConversation.module.css';
import box from './Composer.module.css';

/** A conversation that begins with us. */
export function NewConversationPage({ search }: PageProps<'/new'>) {
  const t = useT();
  const queries = useQueryClient();
  const field = useRef<EditorHandle>(null);
  const tone = useRef<ToneHandle>(null);
  const picker = useRef<HTMLInputElement>(null);
  const key = useRef(newIdempotencyKey());
  const { data: inboxes } = useQuery(inboxesQuery);
  const usable = (inboxes ?? []).filter((inbox) => !inbox.archived_at);
  const [chosen, setChosen] = useState('');
  const [to, setTo] = useState<Address[]>(search.to ? [{ address: search.to, name: '' }] : []);
  const [subject, setSubject] = useState('');
  const [body, setBody] = useState({ html: '', text: '' });
  const [attached, setAttached] = useState<Attachment[]>([]);
  const [formats, setFormats] = useState(false);
  const [missing, setMissing] = useState<'to' | 'subject' | 'text'>();
  const files = useFiles((file) => setAttached((now) => [...now, file]));
  const senders = usable.flatMap(({ id, name, address, aliases }) => [address, ...aliases].map((own) => ({ id, name, address: own, alias: own !== address })));
  const from = senders.find((one) => `${one.id} ${one.address}` === chosen) ?? senders[0];
  const dirty = Boolean((to.length && !search.to) || subject || body.text.trim() || attached.length);

  const send = useMutation({
    // against are the rules of the tone guide that it goes against: what was not sent is not counted.
    mutationFn: (_against: Id[]) => {
      const [customer, ...others] = to;
      return api.post<{ conversation: { id: Id }; message: Message }>('/conversations', {
        idempotencyKey: key.current,
        body: {
          inbox_id: from!.id, from: from!.alias ? from!.address : undefined, customer: { email: customer!.address, name: customer!.name || undefined }, subject, html: body.html, text: body.text,
          to, cc: others.length ? undefined : [], attachment_ids: attached.map((file) => file.id),
        },
      });
    },
    meta: { handled: true },
    onSuccess: ({ conversation }, against) => {
      clean.current();
      countAgainst(conversation.id, against);
      void queries.invalidateQueries({ queryKey: conversationKeys.lists });
      void navigate({ to: '/inbox/$view/$conversationId', params: { view: 'open', conversationId: String(conversation.id) } });
    },
    onError: (error) => {
      // What was refused may be changed and sent again: that is another request.
      if (error instanceof ApiProblem && !error.offline) key.current = newIdempotencyKey();
    },
  });

  const clean = useRef(() => undefined as void);
  useEffect(() => {
    if (!dirty || send.isSuccess) return;
    const stop = guardLeaving(() => window.confirm(t('new.leave')));
    clean.current = stop;
    return stop;
  }, [dirty, send.isSuccess, t]);

  const submit = () => {
    const lacks = !to.length ? 'to' : !subject.trim() ? 'subject' : !body.text.trim() && !attached.length ? 'text' : undefined;
    setMissing(lacks);
    if (!lacks && !files.busy && !send.isPending && !tone.current?.asks({})) send.mutate([]);
  };
  useCommand('conversation.send', submit);

  if (inboxes && !usable.length) {
    return (
      <Page title={t('cmd.new')} column>
        <EmptyState title={t('new.no_inbox_title')} actions={<Button variant="primary" onClick={() => void navigate({ to: '/settings/inboxes' })}>{t('settings.inboxes')}</Button>}>{t('new.no_inbox')}</EmptyState>
      </Page>
    );
  }
  return (
    <Page title={t('cmd.new')} column>
      <form className={css.form} onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}>
        {senders.length > 1 && <Select label={t('new.from')} value={`${from!.id} ${from!.address}`} onChange={setChosen} options={senders.map((one) => ({ value: `${one.id} ${one.address}`, label: `${one.name} <${one.address}>` }))} />}
        <div className={css.field}>
          <AddressLine label={t('composer.to')} list={to} onChange={setTo} autoFocus={!search.to} invalid={missing === 'to'} />
          <Suggestions chosen={to} onChoose={(one) => setTo([...to, one])} />
          {missing === 'to' && <p className={css.error} role="alert">{t('new.need_to')}</p>}
        </div>
        <Input label={t('new.subject')} value={subject} dir="auto" maxLength={998} error={missing === 'subject' ? t('new.need_subject') : undefined} onChange={(event) => setSubject(event.target.value)} />
        <div className={css.box}>
          <WritingField
            ref={field} html="" formats={formats} people={[]} label={t('new.text')} placeholder={t('new.text')} onFiles={files.add}
            onEscape={() => document.getElementById('main')?.focus({ preventScroll: true })} onChange={(html, text) => setBody({ html, text })}
          />
          <FileList attached={attached} coming={files.files} onRemove={(file) => setAttached(attached.filter((one) => one.id !== file.id))} />
          {body.text.trim() && <ToneCheck ref={tone} other={{ inbox: from?.id, wrote: '' }} text={body.text} field={field} onSend={(_, against) => send.mutate(against)} />}
          <div className={box.foot}>
            <IconButton icon="bold" label={t('composer.format')} on={formats} aria-pressed={formats} onClick={() => setFormats(!formats)} />
            <IconButton icon="clip" label={t('composer.attach')} onClick={() => picker.current?.click()} />
            <span className="grow" />
            <Button type="submit" variant="primary" size="sm" keys={keysOf('conversation.send')} busy={send.isPending}>{t('cmd.send')}</Button>
          </div>
        </div>
        {missing === 'text' && <p className={css.error} role="alert">{t('new.need_text')}</p>}
        {send.error && <Banner tone="bad">{problemText(send.error)}</Banner>}
        <input ref={picker} type="file" multiple hidden onChange={(event) => {
          files.add([...(event.target.files ?? [])]);
          event.target.value = '';
        }} />
      </form>
    </Page>
  );
}

// The customers who wrote last, until somebody is chosen: a press instead of an address.
function Suggestions({ chosen, onChoose }: { chosen: readonly Address[]; onChoose: (one: Address) => void }) {
  const t = useT();
  const { data } = useQuery({
    queryKey: ['customers', 'recent'], staleTime: 60_000,
    queryFn: ({ signal }) => api.get<PageOf<Customer>>('/customers', { query: { limit: 6 }, signal }),
  });
  if (chosen.length || !data?.items.length) return null;
  return (
    <div className={css.people} role="group" aria-label={t('new.recent')}>
      {data.items.slice(0, 5).map((one) => {
        const address = one.identities.find((identity) => identity.kind === 'email')?.value;
        if (!address) return null;
        return <button key={one.id} type="button" className={css.person} title={address} onClick={() => onChoose({ address, name: one.name })}><bdi>{one.name || address}</bdi></button>;
      })}
    </div>
  );
}
