import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { api } from '@/api/client';
import type { Change } from '@/api/conversations';
import { repliesQuery, type Filled } from '@/api/replies';
import type { Sent } from '@/api/schema';
import type { ConversationItem } from '@/api/types';
import { problemText } from '@/api/words';
import { useT } from '@/lib/i18n';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Select, Textarea } from '@/ui/Field';
import css from './BulkReply.module.css';

type Reply = NonNullable<Sent<'/bulk'>['reply']>;

interface Props {
  items: readonly ConversationItem[];
  /** The whole list is meant: there are more than these. */
  everything: boolean;
  onSend: (reply: Reply, change: Change | undefined) => void;
  onClose: () => void;
}

const variables = ['customer.first_name', 'customer.name', 'conversation.number', 'conversation.subject', 'agent.first_name', 'inbox.name'] as const;
const afterwards = ['', 'open', 'pending', 'closed'] as const;
const pause = 400;

/** One text for many customers, filled in for each; a saved reply is sent in the language of each. */
export function BulkReply({ items, everything, onSend, onClose }: Props) {
  const t = useT();
  const { data: replies } = useQuery(repliesQuery('saved-replies'));
  const [saved, setSaved] = useState('');
  const [text, setText] = useState('');
  const [then, setThen] = useState<(typeof afterwards)[number]>('');
  const box = useRef<HTMLTextAreaElement>(null);
  const reply: Reply = saved ? { saved_reply_id: Number(saved) } : { html: htmlOf(text) };
  const ready = Boolean(saved || text.trim());
  const insert = (name: string) => {
    const at = box.current?.selectionStart ?? text.length;
    setText(`${text.slice(0, at)}{{ ${name} }}${text.slice(box.current?.selectionEnd ?? at)}`);
    box.current?.focus();
  };
  const send = () => {
    if (!ready) return box.current?.focus();
    onClose();
    onSend(reply, then ? { status: then } : undefined);
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
        <Select label={t('replies.bulk_then')} value={then} onChange={setThen} options={afterwards.map((value) => ({ value, label: value ? t(`status.${value}`) : t('replies.bulk_inbox') }))} />
        {ready && items[0] && <Preview reply={reply} item={items[0]} />}
      </div>
    </Dialog>
  );
}

// As the first of them will get it.
function Preview({ reply, item }: { reply: Reply; item: ConversationItem }) {
  const t = useT();
  const wanted = JSON.stringify(reply);
  const [asked, setAsked] = useState(wanted);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(wanted), pause);
    return () => clearTimeout(timer);
  }, [wanted]);
  const { data, error } = useQuery<Filled>({
    queryKey: ['replies', 'bulk', item.id, asked], retry: false, staleTime: 60_000, placeholderData: (before) => before,
    queryFn: ({ signal }) => {
      const { saved_reply_id: id, html } = JSON.parse(asked) as Reply;
      const body = { conversation_id: item.id, ...(id ? {} : { html }) };
      return api.post<Filled>(id ? `/saved-replies/${id}/render` : '/saved-replies/preview', { body, signal });
    },
  });
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
