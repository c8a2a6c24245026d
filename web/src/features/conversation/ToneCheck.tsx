import { useQuery } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useImperativeHandle, useRef, useState, type Ref, type RefObject } from 'react';
import { api } from '@/api/client';
import { toneRulesQuery, type Checked, type Finding } from '@/api/tone';
import type { Id } from '@/api/types';
import { announce } from '@/lib/announce';
import { useT } from '@/lib/i18n';
import { recall, remember } from '@/lib/storage';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { Icon } from '@/ui/Icon';
import type { SendOptions } from './Composer';
import type { EditorHandle } from './Editor';
import css from './ToneCheck.module.css';

const pause = 700;
// As long as sending waits for an answer; then it goes without one.
const patience = 2500;
const offered = 60;

export interface ToneHandle {
  /** Takes the sending over when the guide may ask first: onSend follows, at once, later, or when the person says so. */
  asks: (options: SendOptions) => boolean;
}

/** For whom it is written. */
export interface Readers {
  /** The conversation that it belongs to; undefined where one begins with it. */
  id?: Id;
  /** Others whose customers get the same text. */
  also?: readonly Id[];
  /** Not for the customer: for somebody who wrote this last, by mail from this inbox. */
  other?: { inbox: Id | undefined; wrote: string };
}

type Field = RefObject<Pick<EditorHandle, 'words'> | null>;

interface Props extends Readers {
  ref?: Ref<ToneHandle>;
  /** What is written; the guide looks at it after a pause. */
  text: string;
  field: Field;
  /** The text is not to be changed here. */
  fixed?: boolean;
  /** against are the rules that it goes against; they are counted already, unless there is no conversation yet. */
  onSend: (options: SendOptions, against: Id[]) => void;
}

/** Counts by rule what was sent all the same. */
export const countAgainst = (conversation: Id, against: readonly Id[]) =>
  void (against.length && api.post(`/conversations/${conversation}/tone-ignored`, { body: { rule_ids: against } }).catch(() => undefined));

/** What the shop's tone guide says of a text while it is written. It never holds up typing, and without a network it is still. */
export function ToneCheck({ ref, id, also, other, text, field, fixed, onSend }: Props) {
  const t = useT();
  const { data: rules } = useQuery(toneRulesQuery);
  const question = questionOf({ id, also, other });
  const { checked, check } = useChecked(question, field);
  // Of a text that is written on nobody asks any more.
  const [asked, setAsked] = useState<{ text: string; options: SendOptions }>();
  const asking = asked?.text === text ? asked.options : undefined;
  const [open, setOpen] = useState(recall('tone') !== 'closed');
  // Until they are here there may be any.
  const any = !rules || rules.some((rule) => rule.enabled);
  const must = !rules || rules.some((rule) => rule.enabled && rule.strictness === 'must');

  // Sends, or asks when something is against a must. Written on meanwhile: then nothing was sent.
  const decide = async (options: SendOptions) => {
    const before = text;
    deciding.current = true;
    const found = await Promise.race([check(), wait(patience)]);
    deciding.current = false;
    if (latest.current !== before) return;
    if (found?.findings.some(isMust)) setAsked({ text: before, options });
    else onSend(options, []);
  };
  const deciding = useRef(false);
  const latest = useRef(text);
  useEffect(() => {
    latest.current = text;
  }, [text]);
  useImperativeHandle(ref, () => ({
    asks: (options) => {
      if (!must || !navigator.onLine) return false;
      if (deciding.current) return true;
      // What is typed from here on are commands, as after every sending.
      document.getElementById('main')?.focus({ preventScroll: true });
      void decide(options);
      return true;
    },
  }));

  const look = useEffectEvent(() => {
    if (any) void check();
  });
  useEffect(() => {
    const timer = setTimeout(look, pause);
    return () => clearTimeout(timer);
  }, [text, any, question]);

  const findings = any && text.trim() ? (checked?.findings ?? []) : [];
  const broken = findings.filter(isMust);
  const anyway = () => {
    const against = [...new Set(broken.map((one) => one.rule_id))];
    if (id) countAgainst(id, against);
    onSend(asking!, against);
  };
  if (!findings.length) return null;
  return (
    <section className={css.box} aria-label={t('settings.tone')}>
      <button
        type="button" className={css.head} aria-expanded={open}
        onClick={() => {
          setOpen(!open);
          remember('tone', open ? 'closed' : 'open');
        }}
      >
        <Icon name={broken.length ? 'warn' : 'info'} size={14} />
        {t('tone.found', { count: findings.length })}
        <Icon name={open ? 'down' : 'up'} size={14} />
      </button>
      {open && (
        <ul className={css.list}>
          {inOrder(findings).map(({ one, place, first }) => <Place key={`${one.rule_id} ${one.start} ${one.end}`} finding={one} place={place} first={first} field={field} fixed={fixed} onDone={() => void check()} />)}
        </ul>
      )}
      {asking && broken.length > 0 && (
        <div className={css.ask}><Banner tone="warn" actions={<>
          <Button
            size="sm" autoFocus onClick={() => {
              setAsked(undefined);
              if (!fixed) field.current?.words?.select(findings.indexOf(broken[0]!));
            }}
          >
            {t('tone.look')}
          </Button>
          <Button size="sm" variant="ghost" onClick={anyway}>{t('tone.send')}</Button>
        </>}>{t('tone.ask', { rules: [...new Set(broken.map((one) => one.name))].join(', ') })}</Banner></div>
      )}
    </section>
  );
}

const isMust = (one: Finding) => one.strictness === 'must';

// What sending asks about stands above; the reason of a rule is said once.
function inOrder(findings: readonly Finding[]) {
  const all = findings.map((one, place) => ({ one, place })).sort((a, b) => Number(isMust(b.one)) - Number(isMust(a.one)));
  return all.map(({ one, place }, at) => ({ one, place, first: all.findIndex((other) => other.one.rule_id === one.rule_id) === at }));
}

// What is asked beside the text, as one word that is the same while the readers are.
const questionOf = ({ id, also, other }: Readers): string => (
  other || !id ? JSON.stringify(['/tone-rules/try', { inbox_id: other?.inbox, customer_text: other?.wrote.slice(0, 65_536) || undefined }])
    : JSON.stringify([`/conversations/${id}/tone-check`, { also_conversation_ids: also?.slice(0, 100) }])
);

/** Asks the server about the text as it stands, and marks what it says. */
function useChecked(question: string, field: Field) {
  const t = useT();
  const [checked, setChecked] = useState<Checked>();
  const running = useRef<{ asked: string; found: Promise<Checked | undefined>; stop: AbortController }>(undefined);
  const last = useRef<{ asked: string; checked: Checked }>(undefined);
  const words = field.current?.words;
  useEffect(() => () => words?.mark([]), [words]);
  useEffect(() => () => running.current?.stop.abort(), []);
  const ask = async (asked: string, text: string, signal: AbortSignal) => {
    const [path, body] = JSON.parse(question) as [string, object];
    const found = await api.post<Checked>(path, { body: { ...body, text }, signal }).catch(() => undefined);
    running.current = signal.aborted ? running.current : undefined;
    if (signal.aborted) return undefined;
    const before = last.current?.checked.findings.length ?? 0;
    last.current = found && { asked, checked: found };
    setChecked(found);
    field.current?.words?.mark((found?.findings ?? []).map((one) => ({ start: one.start, end: one.end, strong: isMust(one) })));
    if (found && found.findings.length > before) announce(t('tone.found', { count: found.findings.length }));
    return found;
  };
  const check = (): Promise<Checked | undefined> => {
    const text = field.current?.words?.read();
    if (text === undefined || !navigator.onLine) return Promise.resolve(undefined);
    const asked = question + text;
    if (last.current?.asked === asked) return Promise.resolve(last.current.checked);
    if (running.current?.asked === asked) return running.current.found;
    running.current?.stop.abort();
    const stop = new AbortController();
    const found = ask(asked, text, stop.signal);
    running.current = { asked, found, stop };
    return found;
  };
  return { checked, check };
}

const wait = (time: number) => new Promise<undefined>((done) => setTimeout(done, time));

function Place({ finding, place, first, field, fixed, onDone }: { finding: Finding; place: number; first: boolean; field: Field; fixed?: boolean; onDone: () => void }) {
  const t = useT();
  const { missing, words, why, reason, instead } = finding;
  const short = (text: string) => (text.length > offered ? `${text.slice(0, offered)}…` : text);
  return (
    <li className={css.place}>
      {missing ? <b>{t('tone.missing')}</b> : fixed ? <span className={isMust(finding) ? css.strong : css.mark} dir="auto">{short(words)}</span> : (
        <button type="button" className={isMust(finding) ? css.strong : css.mark} aria-label={t('tone.select', { words: short(words) })} onClick={() => field.current?.words?.select(place)}>
          <span dir="auto">{short(words)}</span>
        </button>
      )}
      <span className={css.why}>{why} {first && reason && <span className={css.reason} dir="auto">{reason}</span>}</span>
      {instead && !fixed && (
        <Button
          size="sm" variant="ghost" className={css.instead} onClick={() => {
            if (missing) field.current?.words?.add(instead);
            else field.current?.words?.replace(place, instead);
            onDone();
          }}
        >
          {t(missing ? 'tone.add' : 'tone.replace', { words: short(instead) })}
        </Button>
      )}
    </li>
  );
}
