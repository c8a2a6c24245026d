import type { QueryClient } from '@tanstack/react-query';
import { api, newIdempotencyKey, trouble } from '@/api/client';
import type { Change } from '@/api/conversations';
import { conversationKeys, renewConversation } from '@/api/conversations';
import { showMessage } from '@/api/messages';
import { ApiProblem, isProblem, repeatRunning, staleReply } from '@/api/problem';
import { problemText } from '@/api/words';
import { realtime } from '@/api/realtime';
import type { Id, Message, Time } from '@/api/types';
import { t } from '@/lib/i18n';
import { dropLocally, keepLocally, readAllLocally } from '@/lib/localStore';
import { createStore, useStore } from '@/lib/store';
import type { Content } from './draft';

/** Something written that the server has not confirmed yet. */
export interface Outgoing {
  /** Also the idempotency key: however often it is tried, it is sent once. */
  key: string;
  conversation: Id;
  content: Content;
  mentions: Id[];
  /** Teams that a note speaks to. */
  teams?: Id[];
  lastSeen: Id;
  then?: Change;
  force?: boolean;
  sendAt?: Time;
  at: Time;
  /** When it was first tried and nobody knows whether it arrived, in ms. */
  tried?: number;
  state: 'sending' | 'waiting' | 'failed';
  error?: string;
}

/** A reply that was stopped because somebody else wrote first. */
export interface Held {
  outgoing: Outgoing;
  newer: Message[];
  at: number;
  /** The draft that the server keeps it as. */
  version?: number;
}

export const outgoing = createStore<readonly Outgoing[]>([]);
export const held = createStore<ReadonlyMap<Id, Held>>(new Map());
const noneHeld = undefined;
// The server knows a key for a day. After that a second try of what may have arrived could send it twice.
const sureFor = 20 * 3600 * 1000;

export interface Sent {
  message: Message;
  undo_until: Time | null;
}

export function useHeld(conversation: Id): Held | undefined {
  return useStore(held, (now) => now.get(conversation) ?? noneHeld);
}

export function release(conversation: Id): void {
  held.set((now) => {
    const next = new Map(now);
    next.delete(conversation);
    return next;
  });
}

function update(key: string, fields: Partial<Outgoing>) {
  outgoing.set((now) => now.map((one) => (one.key === key ? { ...one, ...fields } : one)));
}

export function dropOutgoing(key: string): void {
  outgoing.set((now) => now.filter((one) => one.key !== key));
  void dropLocally(`outgoing:${key}`);
}

type New = Omit<Outgoing, 'key' | 'state' | 'at'>;

/** Hands a reply or note to the server. It is on screen and on this device before the first try. */
export async function send(queries: QueryClient, what: New): Promise<Sent | undefined> {
  const one: Outgoing = { ...what, key: newIdempotencyKey(), state: 'sending', at: new Date().toISOString() };
  outgoing.set((now) => [...now, one]);
  void keepLocally(`outgoing:${one.key}`, one);
  return attempt(queries, one);
}

export function retry(queries: QueryClient, key: string): Promise<Sent | undefined> {
  const one = outgoing.get().find((other) => other.key === key);
  if (!one || one.state === 'sending') return Promise.resolve(undefined);
  // Tried again by a person who has seen that it failed: they know.
  const tried = one.state === 'failed' ? undefined : one.tried;
  update(key, { state: 'sending', error: undefined, tried });
  return attempt(queries, { ...one, tried });
}

async function attempt(queries: QueryClient, one: Outgoing): Promise<Sent | undefined> {
  if (one.tried && Date.now() - one.tried > sureFor) {
    update(one.key, { state: 'failed', error: t('delivery.unsure') });
    return undefined;
  }
  try {
    const sent = await post(one);
    dropOutgoing(one.key);
    showMessage(queries, sent.message);
    void queries.invalidateQueries({ queryKey: conversationKeys.messages(one.conversation) });
    void renewConversation(queries, one.conversation);
    return sent;
  } catch (error) {
    refused(queries, one, error);
    return undefined;
  }
}

async function post(one: Outgoing): Promise<Sent> {
  const { content, conversation, key } = one;
  const files = content.attachments.map((file) => file.id);
  if (content.kind === 'note') {
    const message = await api.post<Message>(`/conversations/${conversation}/notes`, {
      idempotencyKey: key, body: { html: content.html, text: content.text, mention_agent_ids: one.mentions, mention_team_ids: one.teams, attachment_ids: files },
    });
    return { message, undo_until: null };
  }
  return api.post<Sent>(`/conversations/${conversation}/replies`, {
    idempotencyKey: key,
    body: {
      html: content.plain ? undefined : content.html, text: content.text, plain: content.plain, without_quote: content.withoutQuote, to: content.to, cc: content.cc, bcc: content.bcc, from: content.from, replaces_message_id: content.replaces, attachment_ids: files,
      last_seen_message_id: one.lastSeen, then: one.then, force: one.force || undefined, send_at: one.sendAt,
    },
  });
}

function refused(queries: QueryClient, one: Outgoing, error: unknown) {
  if (isProblem(error, staleReply)) {
    dropOutgoing(one.key);
    held.set((now) => new Map([...now, [one.conversation, { outgoing: one, newer: error.body.newer ?? [], at: Date.now(), version: error.body.draft?.version }]]));
    void queries.invalidateQueries({ queryKey: conversationKeys.messages(one.conversation) });
  } else if (isProblem(error, repeatRunning)) {
    setTimeout(() => void attempt(queries, one), 1000);
  } else if (error instanceof ApiProblem && error.passing) {
    // Without a network it surely stayed here.
    const tried = one.tried ?? (navigator.onLine ? Date.now() : undefined);
    update(one.key, { state: 'waiting', tried, error: error.offline ? undefined : problemText(error) });
    if (tried !== one.tried) void keepLocally(`outgoing:${one.key}`, { ...one, tried });
  } else {
    update(one.key, { state: 'failed', error: problemText(error) });
  }
}

/** What waited for the connection or the server goes out in the order it was written. */
async function flushWaiting(queries: QueryClient): Promise<void> {
  for (const one of outgoing.get().filter((other) => other.state === 'waiting')) await retry(queries, one.key);
}

let restored = false;

/** Sends what this device holds: now, and whenever the connection or the server comes back. */
export function keepSending(queries: QueryClient): () => void {
  const back = () => void flushWaiting(queries);
  void restoreOutgoing(queries);
  window.addEventListener('online', back);
  const stops = [
    realtime.status.subscribe(() => realtime.status.get().live && back()),
    trouble.subscribe(() => trouble.get() === undefined && back()),
  ];
  return () => {
    window.removeEventListener('online', back);
    for (const stop of stops) stop();
  };
}

// After a reload: what this device still holds waits for a try of its own.
async function restoreOutgoing(queries: QueryClient): Promise<void> {
  if (restored) return;
  restored = true;
  const kept = await readAllLocally<Outgoing>('outgoing:');
  const known = new Set(outgoing.get().map((one) => one.key));
  const missing = kept.filter((one) => !known.has(one.key)).map((one): Outgoing => ({ ...one, state: 'waiting' }));
  if (!missing.length) return;
  outgoing.set((now) => [...missing, ...now]);
  await flushWaiting(queries);
}
