import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { api } from '@/api/client';
import type { Change } from '@/api/conversations';
import { repliesQuery, type Filled } from '@/api/replies';
import type { Sent } from '@/api/schema';
import type { ConversationItem } from '@/api/types';
import { problemText } from '@/api/words';
import { useT } from '@/lib/i18n';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Chip } from '@/ui/Chip';
import { Dialog } from '@/ui/Dialog';
import { Select, Textarea } from '@/ui/Field';
import { MacroChips } from './MacroChips';
import { plainWords } from './plainWords';
import { changeOf } from './savedReply';
import { ToneCheck, type ToneHandle } from './ToneCheck';
import css from './BulkReply.module.css';

type Reply = NonNullable<Sent<'/bulk'>['reply']>;

interface Props {
  items: readonly ConversationItem[];
  /** The whole list is meant: there are more than these. */
  everything: boolean;
  onSend: (reply: Reply, change: Change | undefined) => void;
  onClose: () => void;
}

const variables = ['customer.first_name', 'customer.name', 'conversation.number', 'conversation.subject', 'agent.first_name', 'inbox.name', 'business_hours.next_opening', 'business_hours.week'] as const;
const afterwards = ['', 'open', 'pending', 'closed'] as const;
const pause = 400;

/** One text for many customers, filled in for each; a saved reply is sent in the language of each, with what it changes. */
export function BulkReply({ items, everything, onSend, onClose }: Props) {
  const t = useT();
  const { data: replies } = useQuery(repliesQuery('saved-replies'));
  const [saved, setSaved] = useState('');
  const [text, setText] = useState('');
  const [then, setThen] = useState<(typeof afterwards)[number]>('');
  const box = useRef<HTMLTextAreaElement>(null);
  const tone = useRef<ToneHandle>(null);
  const reply: Reply = saved ? { saved_reply_id: Number(saved) } : { html: htmlOf(text) };
  const some = Boolean(saved || text.trim());
  const first = items[0];
  const shown = usePreview(reply, some ? first : undefined);
  // What a saved reply says and does is seen before it is sent.
  const ready = saved ? !shown.isFetching : some;
  const brings = saved && shown.data ? changeOf(shown.data.actions, shown.data.snoozed_until) : undefined;
  // Of a saved reply the guide reads what the first of them gets; it is changed where it is kept.
  const written = saved ? (shown.data?.text ?? '') : text;
  const field = useWords(box, setText, saved ? written : undefined);
  const insert = (name: string) => {
    const at = box.current?.selectionStart ?? text.length;
    setText(`${text.slice(0, at)}{{ ${name} }}${text.slice(box.current?.selectionEnd ?? at)}`);
    box.current?.focus();
  };
  const post = () => {
    onClose();
    onSend(reply, then ? { status: then } : undefined);
  };
  const send = () => {
    if (!ready) return void box.current?.focus();
    if (!tone.current?.asks({})) post();
  };
  return (
    <Dialog
      wide title={t('bulk.reply')} onClose={onClose}
      actions={<>
        <Button variant="ghost" onClick={onClose}>{t('ui.cancel')}</Button>
        <Button variant="primary" icon="send" keys="mod+Enter" aria-disabled={!ready} onClick={send}>{everything ? t('replies.bulk_send_all') : t('replies.bulk_send', { count: items.length })}</Button>
      </>}
    >
      <div
        className={css.form}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send();
        }}
      >
        <Select
          label={t('replies.bulk_saved')} value={saved} onChange={setSaved} help={saved ? t('replies.bulk_language') : undefined}
          options={[{ value: '', label: t('replies.bulk_own') }, ...(replies ?? []).filter((one) => !one.expired).map(({ id, name }) => ({ value: String(id), label: name }))]}
        />
        {!saved && (
          <div>
            <Textarea ref={box} data-autofocus label={t('replies.bulk_text')} rows={6} maxLength={60_000} dir="auto" value={text} onChange={(event) => setText(event.target.value)} />
            <div className={css.variables}>
              {variables.map((name) => <button key={name} type="button" className={css.variable} onClick={() => insert(name)}>{name}</button>)}
            </div>
          </div>
        )}
        <Select label={t('replies.bulk_then')} value={then} onChange={setThen} options={afterwards.map((value) => ({ value, label: value ? t(`status.${value}`) : t(brings?.status ? 'replies.bulk_as_saved' : 'replies.bulk_inbox') }))} />
        {some && first && <Preview shown={shown} item={first} />}
        {some && brings && <div className={css.brings}><MacroChips change={then ? { ...brings, status: then, snoozed_until: undefined } : brings} /></div>}
        {some && saved && shown.data && <Extras actions={shown.data.actions} />}
        {some && first && <div className={css.brings}><ToneCheck ref={tone} id={first.id} also={items.slice(1).map(({ id }) => id)} text={written} field={field} fixed={saved !== ''} onSend={post} /></div>}
      </div>
    </Dialog>
  );
}

// The words of the field, or those of a saved reply, which are not changed here.
function useWords(box: React.RefObject<HTMLTextAreaElement | null>, onChange: (text: string) => void, given: string | undefined) {
  return useMemo(() => {
    const still = () => undefined;
    return { current: { words: given === undefined ? plainWords(box, onChange) : { read: () => given, mark: still, select: still, replace: still, add: still } } };
  }, [box, onChange, given]);
}

// What the first of them will get.
function usePreview(reply: Reply, item: ConversationItem | undefined) {
  const wanted = JSON.stringify(reply);
  const [typed, setTyped] = useState(wanted);
  useEffect(() => {
    const timer = setTimeout(() => setTyped(wanted), pause);
    return () => clearTimeout(timer);
  }, [wanted]);
  const asked = reply.saved_reply_id ? wanted : typed;
  return useQuery<Filled>({
    queryKey: ['replies', 'bulk', item?.id, asked], retry: false, staleTime: 60_000, placeholderData: (before) => before, enabled: item !== undefined,
    queryFn: ({ signal }) => {
      const { saved_reply_id: id, html } = JSON.parse(asked) as Reply;
      const body = { conversation_id: item!.id, ...(id ? {} : { html }) };
      return api.post<Filled>(id ? `/saved-replies/${id}/render` : '/saved-replies/preview', { body, signal });
    },
  });
}

// What each conversation gets beside the reply.
function Extras({ actions }: { actions: Filled['actions'] }) {
  const t = useT();
  const tasks = actions.tasks?.length ?? 0;
  if (!tasks && !actions.note) return null;
  return (
    <p className={css.extras}>
      {t('replies.bulk_gets')}
      {tasks > 0 && <Chip tone="fill">{t('replies.bulk_tasks', { count: tasks })}</Chip>}
      {actions.note && <Chip tone="fill">{t('replies.bulk_note')}</Chip>}
    </p>
  );
}

function Preview({ shown: { data, error }, item }: { shown: Pick<UseQueryResult<Filled>, 'data' | 'error'>; item: ConversationItem }) {
  const t = useT();
  if (error) return <Banner tone="bad">{problemText(error)}</Banner>;
  if (!data) return null;
  return (
    <section>
      <h3 className={css.head}>{t('replies.bulk_preview', { name: item.customer.name || item.customer.email })}</h3>
      <div className={css.preview} dir="auto">{data.text}</div>
      {data.missing.length > 0 && <p className={css.missing}>{t('replies.bulk_missing', { names: data.missing.join(', ') })}</p>}
    </section>
  );
}

/** Plain text as the HTML that is sent; variables stay as they are. */
function htmlOf(text: string): string {
  const safe = text.trim().replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return safe.split(/\n{2,}/).map((part) => `<p>${part.replaceAll('\n', '<br>')}</p>`).join('');
}
