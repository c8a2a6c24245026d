import { useQuery } from '@tanstack/react-query';
import { useEffect, useImperativeHandle, useRef, useState, type Ref } from 'react';
import { conversationQuery } from '@/api/conversations';
import { messagesQuery } from '@/api/messages';
import type { Address, Attachment, Id } from '@/api/types';
import { openSide } from '@/api/openSide';
import { problemText } from '@/api/words';
import { keysOf, useCommand } from '@/lib/commands';
import { fileSize } from '@/lib/formats';
import { useT } from '@/lib/i18n';
import { dropLocally, keepLocally, readLocally } from '@/lib/localStore';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Input } from '@/ui/Field';
import { IconButton } from '@/ui/IconButton';
import { Checkbox } from '@/ui/Toggle';
import type { EditorHandle } from './Editor';
import { FileList } from './FileList';
import { AddressLine } from './Recipients';
import { isWritten, nothingWritten, sideMessagesQuery, sidePlace, useSendSide, type Side, type Written } from './side';
import { ToneCheck, type ToneHandle } from './ToneCheck';
import { useFiles } from './useFiles';
import { WritingField } from './WritingField';
import box from './Composer.module.css';
import css from './Side.module.css';

/** What was taken back or failed, as it goes into the field again. */
interface Back {
  html: string;
  text: string;
  to: Address[] | null;
  cc: Address[] | null;
  attachments: Attachment[] | null;
}

export interface SideComposerHandle {
  put: (back: Back, subject: string, conversation: Id) => void;
}

/** The field to write to somebody else in. What stands in it outlives a closed tab. */
export function SideComposer({ ref, conversation, side }: { ref: Ref<SideComposerHandle>; conversation: Id; side: Side | undefined }) {
  const place = sidePlace(conversation, side?.id);
  const [kept, setKept] = useState<Written>();
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let left = false;
    const fresh = { ...nothingWritten, to: side?.to ?? [], cc: side?.cc ?? [] };
    void readLocally<Written>(place).then((found) => !left && setKept(found ?? fresh));
    return () => {
      left = true;
    };
    // The people of a later answer are not put into what is being written.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [place, turn]);
  useImperativeHandle(ref, () => ({
    put: (back, subject, of) => {
      const written: Written = { subject, html: back.html, text: back.text, to: back.to ?? [], cc: back.cc ?? [], attached: back.attachments ?? [], carried: [] };
      // A first message that was taken back is a new one again, in a field of its own.
      void keepLocally(sidePlace(of, subject ? undefined : side?.id), written).then(() => {
        setKept(undefined);
        setTurn((now) => now + 1);
      });
    },
  }), [side?.id]);
  if (!kept) return null;
  return <Form key={turn} conversation={conversation} side={side} start={kept} place={place} onSent={() => setTurn((now) => now + 1)} />;
}

function Form({ conversation, side, start, place, onSent }: { conversation: Id; side: Side | undefined; start: Written; place: string; onSent: () => void }) {
  const t = useT();
  const field = useRef<EditorHandle>(null);
  const tone = useRef<ToneHandle>(null);
  const other = useOther(conversation, side?.id);
  const picker = useRef<HTMLInputElement>(null);
  const [now, setNow] = useState(start);
  const [formats, setFormats] = useState(false);
  const [missing, setMissing] = useState<'to' | 'subject' | 'text'>();
  const send = useSendSide(conversation, side?.id);
  const change = (fields: Partial<Written>) => setNow((before) => ({ ...before, ...fields }));
  const files = useFiles((file) => setNow((before) => ({ ...before, attached: [...before.attached, file] })));

  useEffect(() => {
    if (now === start) return;
    const timer = setTimeout(() => void (isWritten(now) || now.subject ? keepLocally(place, now) : dropLocally(place)), 300);
    return () => clearTimeout(timer);
  }, [now, start, place]);

  const submit = () => {
    const lacks = !side && !now.subject.trim() ? 'subject' : !now.to.length ? 'to' : !isWritten(now) ? 'text' : undefined;
    setMissing(lacks);
    if (!lacks && !files.busy && !send.isPending && !tone.current?.asks({})) post();
  };
  const post = () => {
    send.mutate(now, {
      onSuccess: (sent) => void dropLocally(place).then(() => {
        if (side) onSent();
        else openSide.set({ conversation, side: sent.side_conversation.id });
      }),
    });
  };
  useCommand('conversation.send', submit);
  return (
    <form className={css.composer} onSubmit={(event) => {
      event.preventDefault();
      submit();
    }}>
      {!side && (
        <div className={css.subject}>
          <Input label={t('side.subject')} value={now.subject} dir="auto" maxLength={998} autoFocus error={missing === 'subject' ? t('new.need_subject') : undefined} onChange={(event) => change({ subject: event.target.value })} />
        </div>
      )}
      <div className={css.people}>
        <AddressLine label={t('composer.to')} list={now.to} onChange={(to) => change({ to })} invalid={missing === 'to'} />
        <AddressLine label={t('composer.cc')} list={now.cc} onChange={(cc) => change({ cc })} />
      </div>
      {missing === 'to' && <p className={css.error} role="alert">{t('new.need_to')}</p>}
      <div className={box.field}>
        <WritingField
          ref={field} html={start.html} formats={formats} people={[]} label={t('side.text')} placeholder={t('side.text')} onFiles={files.add}
          onEscape={() => picker.current?.closest('dialog')?.focus()} onChange={(html, text) => change({ html, text })}
        />
      </div>
      <FileList attached={now.attached} coming={files.files} onRemove={(file) => change({ attached: now.attached.filter((one) => one.id !== file.id) })} />
      <FromConversation conversation={conversation} chosen={now.carried} onChange={(carried) => change({ carried })} />
      {now.text.trim() && <ToneCheck ref={tone} id={conversation} other={other} text={now.text} field={field} onSend={post} />}
      {missing === 'text' && <p className={css.error} role="alert">{t('new.need_text')}</p>}
      {send.error && <div className={css.banner}><Banner tone="bad">{problemText(send.error)}</Banner></div>}
      <div className={box.foot}>
        <IconButton icon="bold" label={t('composer.format')} on={formats} aria-pressed={formats} onClick={() => setFormats(!formats)} />
        <IconButton icon="clip" label={t('composer.attach')} onClick={() => picker.current?.click()} />
        <span className="grow" />
        <Button type="submit" variant="primary" size="sm" keys={keysOf('conversation.send')} busy={send.isPending}>{t('cmd.send')}</Button>
      </div>
      <input ref={picker} type="file" multiple hidden onChange={(event) => {
        files.add([...(event.target.files ?? [])]);
        event.target.value = '';
      }} />
    </form>
  );
}

// Who reads it, to the tone guide: somebody else than the customer, with words of their own.
function useOther(conversation: Id, side: Id | undefined) {
  const { data: about } = useQuery(conversationQuery(conversation));
  const { data: messages } = useQuery({ ...sideMessagesQuery(conversation, side ?? 0), enabled: side !== undefined });
  return { inbox: about?.inbox_id, wrote: messages?.findLast((one) => one.kind === 'side_inbound')?.text ?? '' };
}

// The files of the conversation that can go along: the customer's photo of a broken box, their label.
function FromConversation({ conversation, chosen, onChange }: { conversation: Id; chosen: Id[]; onChange: (ids: Id[]) => void }) {
  const t = useT();
  const { data } = useQuery(messagesQuery(conversation));
  const files = (data?.items ?? []).flatMap((one) => one.attachments.filter((file) => !file.inline));
  if (!files.length) return null;
  return (
    <details className={css.carry} open={chosen.length > 0 || undefined}>
      <summary>{chosen.length ? t('side.carried', { count: chosen.length }) : t('side.carry')}</summary>
      {files.map((file) => (
        <Checkbox key={file.id} checked={chosen.includes(file.id)} onChange={(on) => onChange(on ? [...chosen, file.id] : chosen.filter((one) => one !== file.id))}>
          <bdi>{file.name}</bdi> <span className="faint num">{fileSize(file.size)}</span>
        </Checkbox>
      ))}
    </details>
  );
}
