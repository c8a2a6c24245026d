import { useQuery, useQueryClient } from '@tanstack/react-query';
import { clsx } from 'clsx';
import { Suspense, useEffect, useEffectEvent, useImperativeHandle, useRef, useState, type Ref } from 'react';
import { api } from '@/api/client';
import { conversationKeys, patchConversation, renewConversation, type Change } from '@/api/conversations';
import { agentsQuery, can, meQuery, teamsQuery } from '@/api/directory';
import type { Conversation, Draft, Id, Participants } from '@/api/types';
import { problemText } from '@/api/words';
import { keysOf, useCommand } from '@/lib/commands';
import { momentLabel } from '@/lib/dates';
import { useT, withWords } from '@/lib/i18n';
import { idle } from '@/lib/idle';
import { lazyPart } from '@/lib/lazyPart';
import { useIsPhone } from '@/lib/media';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { IconButton } from '@/ui/IconButton';
import { toast } from '@/ui/Toast';
import { speaksOfFile } from './attachmentWords';
import { ComposerFoot } from './ComposerFoot';
import { ComposerHead } from './ComposerHead';
import { contentOf, emptyContent, isEmpty, plainContent, textToHtml, type Content } from './draft';
import type { EditorHandle } from './Editor';
import { MacroChips } from './MacroChips';
import { FileList } from './FileList';
import { held, release, send, useHeld, type Sent } from './outgoing';
import { Recipients } from './Recipients';
import { Troubled } from './Troubled';
import { missingIn, targetsIn, together } from './savedReply';
import type { Taken } from './takeSaved';
import type { ToneHandle } from './ToneCheck';
import { useDraft } from './useDraft';
import { useFiles } from './useFiles';
import { WhenPicker } from './WhenPicker';
import { WritingField } from './WritingField';
import css from './Composer.module.css';

const loadPicker = () => import('./SavedReplyPicker').then((module) => module.SavedReplyPicker);
const SavedReplyPicker = lazyPart(loadPicker);
const loadTone = () => withWords(import('./ToneCheck').then((module) => module.ToneCheck));
const Manner = lazyPart(() => import('./Manner').then((module) => module.Manner));
const ToneCheck = lazyPart(loadTone);
const TranslateReply = lazyPart(() => withWords(import('./translating').then((module) => module.TranslateReply)));

export interface SendOptions {
  then?: Change;
  force?: boolean;
  sendAt?: Date;
}

export interface ComposerHandle {
  /** Shows the mode and puts the caret into the field. */
  open: (kind: Content['kind'], focus?: boolean) => void;
  /** Puts back what was taken back. */
  restore: (draft: Draft) => void;
  put: (content: Content, version?: number) => void;
  send: (options?: SendOptions) => void;
}

interface Props {
  ref: Ref<ComposerHandle>;
  id: Id;
  conversation: Conversation | undefined;
  lastSeen: Id;
  onTyping: () => void;
  onSent: () => void;
  onSentAndClosed: (id: Id) => void;
  /** Closed by what was sent or by a macro, without leaving it. */
  onClosed: (id: Id) => void;
  onReturn: (id: Id) => void;
}

const soonest = (at: Date) => momentLabel(at, Date.now());

/** Reply and note: two modes of one box. Nothing written here is lost, whatever happens to page or server. */
export function Composer({ ref, id, conversation, lastSeen, onTyping, onSent, onSentAndClosed, onClosed, onReturn }: Props) {
  const t = useT();
  const queries = useQueryClient();
  const isPhone = useIsPhone();
  const field = useRef<EditorHandle>(null);
  const picker = useRef<HTMLInputElement>(null);
  const { data: me } = useQuery(meQuery);
  const { data: agents } = useQuery(agentsQuery);
  const { data: teams = [] } = useQuery(teamsQuery);
  const { data: suggested } = useQuery({
    queryKey: conversationKeys.participants(id),
    queryFn: ({ signal }) => api.get<Participants>(`/conversations/${id}/participants`, { signal }), staleTime: 60_000,
  });
  const [formats, setFormats] = useState(false);
  const [editPeople, setEditPeople] = useState(false);
  const [noFile, setNoFile] = useState<SendOptions>();
  // Send was pressed while a file was on its way.
  const [waiting, setWaiting] = useState<SendOptions>();
  const [active, setActive] = useState(false);
  const [picking, setPicking] = useState<'slash' | 'keys'>();
  const [when, setWhen] = useState<'later' | 'snooze'>();
  const [unfilled, setUnfilled] = useState<string[]>();
  // Counts what was sent: the next reply begins with its quote folded.
  const [sentSoFar, setSentSoFar] = useState(0);
  const foot = useRef<HTMLDivElement>(null);
  const tone = useRef<ToneHandle>(null);
  const [dragging, setDragging] = useState(false);
  const draft = useDraft(id, conversation?.draft, me?.plain_replies ? plainContent : emptyContent, (html) => field.current?.setHtml(html));
  const { content, change } = draft;
  const files = useFiles((file) => change((now) => ({ ...now, attachments: [...now.attachments, file] })));
  const isHeld = useHeld(id) !== undefined;
  const mayReply = can(me, 'conversations:reply');
  const isNote = content.kind === 'note' || !mayReply;
  const blank = isEmpty(content);
  const open = !isPhone || active || !blank || files.files.length > 0;

  const put = (next: Content, version?: number) => {
    draft.put(next, version);
    field.current?.focus();
  };

  // The tone guide is asked first, then whether a file was forgotten.
  const doSend = async (options: SendOptions = {}, sure: boolean | 'tone' = false) => {
    if (isHeld && !options.force && held.get().has(id)) return;
    if (blank) return field.current?.focus();
    if (files.busy) {
      setWaiting(options);
      return void toast({ text: t('composer.wait_files') });
    }
    const kind = isNote ? 'note' : 'reply';
    const missing = kind === 'reply' ? missingIn(`${content.text}\n${targetsIn(content.html)}`) : [];
    if (missing.length) return setUnfilled(missing);
    setUnfilled(undefined);
    if (!sure && tone.current?.asks(options)) return;
    if (sure !== true && kind === 'reply' && !content.attachments.length && speaksOfFile(content.text)) return setNoFile(options);
    setNoFile(undefined);
    setEditPeople(false);
    const named = <T extends { id: Id; name: string }>(all: readonly T[]) => (kind === 'note' ? all.filter(({ name }) => content.text.includes(`@${name}`)).map(({ id }) => id) : []);
    const what = { ...content, kind } as const;
    await draft.sent();
    setSentSoFar((now) => now + 1);
    // The keys are the list's again: E, J, or R to write more.
    document.getElementById('main')?.focus({ preventScroll: true });
    onSent();
    const sent = await send(queries, {
      conversation: id, content: what, mentions: named(agents ?? []), teams: named(teams).slice(0, 10), lastSeen, then: kind === 'reply' ? together(content.then, options.then) : undefined, force: options.force,
      sendAt: options.sendAt?.toISOString(),
    });
    if (!sent) return;
    if (kind === 'note') void api.delete(`/conversations/${id}/draft`).catch(() => undefined);
    if (kind === 'note' && content.then) await patchConversation(id, content.then).catch((error: unknown) => toast({ text: problemText(error), tone: 'bad' }));
    if (options.sendAt) toast({ text: t('action.later', { time: soonest(options.sendAt) }) });
    else if (kind === 'reply' && options.then) closed(sent);
    if ((options.then ?? what.then)?.status === 'closed') onClosed(id);
  };

  // The reply is safe with the server: on to the next, with a way back as long as it has not left.
  const closed = (sent: Sent) => {
    const left = Date.parse(sent.undo_until ?? '') - Date.now();
    onSentAndClosed(id);
    const undo = () => {
      api.post<Draft>(`/messages/${sent.message.id}/undo`).then(() => {
        void renewConversation(queries, id).then(() => onReturn(id));
        void queries.invalidateQueries({ queryKey: conversationKeys.messages(id) });
      }, (error: unknown) => toast({ text: problemText(error), tone: 'bad' }));
    };
    toast(left > 1000 ? { text: t('action.sent_closed'), undo, duration: left } : { text: t('action.sent_closed') });
  };

  // What is typed right after the key is meant for the one, and what is sent right after it is typed is asked about by the other.
  useEffect(() => void idle(() => void Promise.all([loadPicker(), loadTone()]).catch(() => undefined)), []);

  const sendNow = useEffectEvent(doSend);
  useEffect(() => {
    if (!waiting || files.busy) return;
    setWaiting(undefined); // eslint-disable-line react-hooks/set-state-in-effect -- the wait ends here, once
    if (!files.files.length) void sendNow(waiting);
  }, [waiting, files.busy, files.files.length]);
  const insert = async (taking: Promise<Taken>) => {
    setPicking(undefined);
    try {
      const { html, then, attachments, missing, closed: done } = await taking;
      if (html) field.current?.insert(html);
      if (then || attachments.length) change((now) => ({ ...now, then: together(now.then, then), attachments: [...now.attachments, ...attachments] }));
      if (html) setUnfilled(missing.length ? missing : undefined);
      if (done) onClosed(id);
    } catch (error) {
      toast({ text: problemText(error), tone: 'bad' });
    }
  };
  const closePicker = (typed?: string) => {
    // Nothing was meant: the slash and what was typed behind it are text.
    if (picking === 'slash' && typed !== undefined) field.current?.insert(textToHtml(`/${typed}`).replace(/^<p>|<\/p>$/g, ''));
    setPicking(undefined);
    field.current?.focus(false);
  };

  useImperativeHandle(ref, () => ({
    open: (kind, focus = true) => {
      if (content.kind !== kind) change((now) => ({ ...now, kind }));
      setActive(true);
      if (focus) field.current?.focus();
    },
    restore: (taken) => {
      draft.restore(taken);
      setActive(true);
      field.current?.focus();
    },
    put,
    send: (options) => void doSend(options, true),
  }));

  useCommand('conversation.send', () => void doSend(), !isHeld);
  useCommand('conversation.send_close', () => void doSend({ then: { status: 'closed' } }), !isHeld && mayReply);
  useCommand('conversation.saved_reply', () => {
    setActive(true);
    setPicking('keys');
  });
  useCommand('conversation.send_later', () => setWhen('later'), !isHeld && !blank && !isNote);
  useCommand('conversation.send_snooze', () => setWhen('snooze'), !isHeld && !blank && !isNote);
  useCommand('conversation.share_draft', () => change((now) => ({ ...now, shared: now.shared ? undefined : true })), !blank && !isNote);
  useCommand('conversation.discard_draft', () => {
    const kept = content;
    void draft.discard();
    release(id);
    toast({ text: t('composer.discarded'), undo: () => put(kept) });
  }, !blank);

  // Nothing of the text is lost by it, and the formats come back with Undo.
  const goPlain = () => {
    const { html, text } = content;
    change((now) => ({ ...now, plain: true, html: textToHtml(now.text) }));
    setFormats(false);
    const formatted = html !== textToHtml(text) && !blank;
    if (formatted) toast({ text: t('composer.plain_on'), undo: () => change((now) => ({ ...now, plain: undefined, html: now.text === text ? html : now.html })) });
    setTimeout(() => field.current?.focus());
  };

  const name = conversation?.customer.name || conversation?.customer.email || '';
  const people = (agents ?? []).filter((agent) => agent.active && agent.id !== me?.id);
  return (
    <section
      className={clsx(css.composer, isNote && css.note, dragging && css.dragging, !open && css.closed)} aria-label={t(isNote ? 'cmd.note' : 'cmd.reply')}
      onFocus={() => setActive(true)}
      onBlur={(event) => {
        if (event.currentTarget.contains(event.relatedTarget as globalThis.Node | null)) return;
        draft.flush();
        setActive(false);
      }}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setDragging(true);
      }}
      onDragLeave={() => setDragging(false)}
      onDrop={(event) => {
        setDragging(false);
        if (event.defaultPrevented || !event.dataTransfer.files.length) return;
        event.preventDefault();
        files.add([...event.dataTransfer.files]);
      }}
    >
      {open && (
        <ComposerHead
          kind={isNote ? 'note' : 'reply'} mayReply={mayReply} content={content} suggested={suggested} status={draft.status} editing={editPeople}
          onKind={(kind) => {
            change((now) => ({ ...now, kind }));
            field.current?.focus();
          }}
          onPeople={() => setEditPeople(!editPeople)}
        />
      )}
      {editPeople && !isNote && <Recipients chosen={content} suggested={suggested} onChange={(line, list) => change((now) => ({ ...now, [line]: list }))} onFrom={(from) => change((now) => ({ ...now, from }))} />}
      {content.replaces && !isNote && (
        <div className={css.notice}>
          <Banner tone="info" icon="undo" actions={<Button size="sm" variant="ghost" onClick={() => change((now) => ({ ...now, replaces: undefined }))}>{t('composer.as_new')}</Button>}>
            {t('composer.replaces')}
          </Banner>
        </div>
      )}
      {content.held && !isHeld && <div className={css.notice}><Banner tone="warn" icon="stop">{t('held.title')} {t('held.something')}</Banner></div>}
      {open && !isNote && <Troubled chosen={content} suggested={suggested} />}
      {draft.status.other && (
        <div className={css.notice}>
          <Banner tone="warn" actions={<>
            <Button size="sm" onClick={draft.takeOther}>{t('composer.take_other')}</Button>
            <Button size="sm" variant="ghost" onClick={draft.keepOurs}>{t('composer.keep_ours')}</Button>
          </>}>{t('composer.other_draft')}</Banner>
        </div>
      )}
      <WritingField
        ref={field} patient html={content.html} formats={formats} people={isNote ? [...people, ...teams.map(({ id, name }) => ({ id, name, team: true }))] : []}
        label={t(isNote ? 'cmd.note' : 'cmd.reply')} placeholder={isNote ? t('composer.note_placeholder') : t('composer.reply_placeholder', { name })}
        language={isNote ? undefined : suggested?.language} plain={Boolean(content.plain) && !isNote} onPlain={isNote ? undefined : goPlain} onSlash={() => setPicking('slash')}
        onFiles={files.add} onEscape={() => document.getElementById('main')?.focus({ preventScroll: true })}
        onChange={(html, text) => {
          change((now) => ({ ...now, html, text }));
          setNoFile(undefined);
          setWaiting(undefined);
          setUnfilled((now) => now?.some((name) => text.includes(name)) ? now : undefined);
          onTyping();
        }}
      />
      {open && !isNote && (!blank || active || content.plain || content.withoutQuote || Boolean(suggested?.shared_drafts.length)) && (
        <Suspense>
          <Manner
            key={sentSoFar} id={id} content={content} suggested={suggested} onChange={(part) => change((now) => ({ ...now, ...part }))}
            onTaken={(taken) => {
              // What stood here is below it already, unless the server had yet to hear of it.
              if (taken.text.endsWith(content.text.trim())) draft.put(contentOf(taken), taken.version);
              else draft.restore(taken);
              void queries.invalidateQueries({ queryKey: conversationKeys.participants(id) });
              field.current?.focus();
            }}
            onEdit={(html) => {
              field.current?.focus();
              field.current?.insert(html);
            }}
          />
        </Suspense>
      )}
      {!open && <IconButton icon="clip" size={20} label={t('composer.attach')} onClick={() => picker.current?.click()} />}
      <FileList attached={content.attachments} coming={files.files} onRemove={(file) => change((now) => ({ ...now, attachments: now.attachments.filter((one) => one.id !== file.id) }))} />
      {content.then && <MacroChips change={content.then} onRemove={() => change((now) => ({ ...now, then: undefined }))} />}
      {open && !isNote && !blank && <Suspense><ToneCheck ref={tone} id={id} text={content.text} field={field} onSend={(options: SendOptions) => void doSend(options, 'tone')} /></Suspense>}
      {unfilled && (
        <div className={css.notice}><Banner tone="warn">{t('saved.unfilled', { names: unfilled.join(', ') })}</Banner></div>
      )}
      {noFile && (
        <div className={css.notice}>
          <Banner tone="warn" icon="clip" actions={<>
            <Button size="sm" onClick={() => picker.current?.click()}>{t('composer.attach')}</Button>
            <Button size="sm" variant="ghost" onClick={() => void doSend(noFile, true)}>{t('held.send')}</Button>
          </>}>{t('composer.no_file')}</Banner>
        </div>
      )}
      <div ref={foot}>
      {open && (
        <ComposerFoot
          tools={!isNote && !blank && <Suspense><TranslateReply id={id} content={content} onPut={put} /></Suspense>}
          note={isNote} formats={content.plain && !isNote ? undefined : formats} off={isHeld} onFormats={() => setFormats(!formats)} onAttach={() => picker.current?.click()}
          onSend={() => void doSend()} onSendClose={() => void doSend({ then: { status: 'closed' } })} onSendSnooze={() => setWhen('snooze')} onSendLater={() => setWhen('later')}
          onSaved={() => setPicking('keys')} discardKey={blank ? undefined : keysOf('conversation.discard_draft')}
        />
      )}
      </div>
      {picking && <Suspense><SavedReplyPicker anchor={foot} conversation={id} onPick={(taking) => void insert(taking)} onClose={closePicker} /></Suspense>}
      {when && (
        <WhenPicker
          anchor={foot} side="top" label={t(when === 'later' ? 'cmd.send_later' : 'cmd.send_snooze')} set={t('cmd.send')} onClose={() => setWhen(undefined)}
          unanswered={when === 'snooze' ? false : undefined}
          onChoose={(at, unanswered) => void doSend(when === 'later' ? { sendAt: at } : { then: { status: unanswered ? 'pending' : 'snoozed', snoozed_until: at.toISOString() } })}
        />
      )}
      <input
        ref={picker} type="file" multiple hidden onChange={(event) => {
          files.add([...(event.target.files ?? [])]);
          event.target.value = '';
          field.current?.focus();
        }}
      />
    </section>
  );
}
