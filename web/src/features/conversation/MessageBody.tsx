import { useQuery } from '@tanstack/react-query';
import { Fragment, Suspense, useMemo, useState, type ReactNode } from 'react';
import { api } from '@/api/client';
import { agentsQuery, teamsQuery } from '@/api/directory';
import type { Attachment, Message } from '@/api/types';
import { problemText } from '@/api/words';
import { fileSize } from '@/lib/formats';
import { useT, withWords } from '@/lib/i18n';
import { lazyPart } from '@/lib/lazyPart';
import { Icon } from '@/ui/Icon';
import { tip } from '@/ui/Tooltip';
import { MailFrame } from './MailFrame';
import { plainHtml, withLinks } from './plainHtml';
import { together } from './together';
import css from './Message.module.css';

const BlockedFile = lazyPart(() => import('./BlockedFile').then((module) => module.BlockedFile));
const AttachedMail = lazyPart(() => withWords(import('./AttachedMail').then((module) => module.AttachedMail)));
const Lightbox = lazyPart(() => import('./Lightbox').then((module) => module.Lightbox));

/** What was written: plain writing in the page's own type, rich mail in its frame, and what hangs on it. */
export function MessageBody({ message }: { message: Message }) {
  const t = useT();
  const [whole, setWhole] = useState(false);
  const [remote, setRemote] = useState(false);
  return (
    <>
      {message.full ? <Whole message={message} whole={whole} remote={remote} /> : <Writing text={message.text} html={message.html} mentions={message.kind === 'note'} remote={remote} />}
      {message.has_remote_images && !remote && message.html && (
        <button type="button" className={css.showImages} onClick={() => setRemote(true)}>
          <Icon name="image" size={14} />
          {t('message.show_images')}
        </button>
      )}
      <Files files={message.attachments.filter((file) => !file.inline)} />
      {message.full && (
        <button
          type="button" className={css.quote} aria-expanded={whole} aria-label={t(whole ? 'message.hide_quote' : 'message.show_quote')}
          {...tip(t(whole ? 'message.hide_quote' : 'message.show_quote'))} onClick={() => setWhole(!whole)}
        >
          <Icon name="more" size={14} />
        </button>
      )}
    </>
  );
}

// What was left out of it, once somebody asks.
function Whole({ message, whole, remote }: { message: Message; whole: boolean; remote: boolean }) {
  const original = useQuery({
    queryKey: ['messages', message.id, 'original'], staleTime: Infinity, enabled: whole,
    queryFn: ({ signal }) => api.get<{ text: string; html: string }>(`/messages/${message.id}/original`, { signal }),
  });
  const shown = whole && original.data ? original.data : message;
  return (
    <>
      <Writing text={shown.text} html={shown.html} mentions={message.kind === 'note'} remote={remote} />
      {original.error && <p className={css.problem}>{problemText(original.error)}</p>}
    </>
  );
}

interface WritingProps {
  text: string;
  html: string;
  remote?: boolean;
}

/** What was written. Only a note names people: nothing else watches who works here. */
export function Writing({ mentions = false, ...rest }: WritingProps & { mentions?: boolean }) {
  return mentions ? <NoteWriting {...rest} /> : <PlainWriting {...rest} onText={together} />;
}

function PlainWriting({ text, html, remote = false, onText }: WritingProps & { onText: (text: string) => ReactNode }) {
  const nodes = useMemo(() => plainHtml(html, (part) => withLinks(part, onText)), [html, onText]);
  if (nodes) return <div className={css.writing} dir="auto">{nodes}</div>;
  if (html) return <MailFrame html={html} remoteImages={remote} />;
  return <div className={css.text} dir="auto">{withLinks(text, onText)}</div>;
}

// “@Ada Winter” in a note stands out when somebody or a team of that name works here.
function NoteWriting(props: WritingProps) {
  const { data: agents } = useQuery(agentsQuery);
  const { data: teams } = useQuery(teamsQuery);
  const onText = useMemo(() => mentionsOf([...(agents ?? []), ...(teams ?? [])].map(({ name }) => name)), [agents, teams]);
  return <PlainWriting {...props} onText={onText} />;
}

function mentionsOf(people: readonly string[]): (text: string) => ReactNode {
  if (!people.length) return together;
  const names = people.map((name) => `@${name}`).sort((a, b) => b.length - a.length);
  const pattern = new RegExp(`(${names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`);
  return (text) => text.split(pattern).map((part, at) => (names.includes(part)
    ? <span key={at} className={css.mention}>{part}</span>
    : <Fragment key={at}>{together(part)}</Fragment>));
}

const badge = (name: string) => /\.([a-z0-9]{1,4})$/i.exec(name)?.[1]?.toUpperCase();

function Files({ files }: { files: Attachment[] }) {
  const t = useT();
  const [open, setOpen] = useState<number>();
  const [mail, setMail] = useState<Attachment>();
  if (!files.length) return null;
  const pictures = files.filter((file) => file.preview);
  return (
    <div className={css.media}>
      {pictures.map((file, at) => (
        <button key={file.id} type="button" className={css.picture} aria-label={t('message.open_picture', { name: file.name })} onClick={() => setOpen(at)}>
          <img src={file.url} alt="" loading="lazy" />
        </button>
      ))}
      {files.filter((file) => file.mail).map((file) => (
        <button key={file.id} type="button" className={css.file} onClick={() => setMail(file)} {...tip(t('message.open_mail'))}>
          <span className={css.badge}><Icon name="mail" size={14} /></span>
          <span className={css.fileWords}>
            <bdi className={css.fileName}>{file.name}</bdi>
            <span className="faint num">{fileSize(file.size)}</span>
          </span>
        </button>
      ))}
      {mail && <Suspense><AttachedMail file={mail} onClose={() => setMail(undefined)} /></Suspense>}
      {files.filter((file) => file.blocked).map((file) => <Suspense key={file.id}><BlockedFile file={file} /></Suspense>)}
      {files.filter((file) => !file.preview && !file.mail && !file.blocked).map((file) => (
        <a key={file.id} className={css.file} href={`${file.url}?download=1`} download={file.name} {...tip(t('message.download'))}>
          <span className={css.badge}>{badge(file.name) ?? <Icon name="file" size={14} />}</span>
          <span className={css.fileWords}>
            <bdi className={css.fileName}>{file.name}</bdi>
            <span className="faint num">{fileSize(file.size)}</span>
          </span>
          <Icon name="download" size={14} />
        </a>
      ))}
      {open !== undefined && (
        <Suspense><Lightbox pictures={pictures} at={open} onMove={setOpen} onClose={() => setOpen(undefined)} /></Suspense>
      )}
    </div>
  );
}
