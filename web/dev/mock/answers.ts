import type { Conversation, Counts, Draft, Message } from '../../src/api/types';
import { deliveryOf, conversations, messages, newMessage, paragraphs } from './conversations.ts';
import { agents, inboxes, me, roles, tags, teams } from './people.ts';

export interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  body: Record<string, unknown>;
  scene: string;
}

export interface Answer {
  status: number;
  body?: unknown;
}

type Handler = (call: Call, ...parts: string[]) => Answer | undefined;

/** Frames for the sockets that are open. */
export const outgoing: { push: (type: string, data: Record<string, unknown>) => void } = { push: () => undefined };

const drafts = new Map<number, Draft>();
let nextId = 10_000;

const ok = (body: unknown, status = 200): Answer => ({ status, body });
const none: Answer = { status: 204 };
const list = (items: unknown[]): Answer => ok({ items, next: '' });
const problem = (status: number, title: string, more: object = {}): Answer =>
  ({ status, body: { type: 'about:blank', title, detail: title, status, request_id: 'mock-1', ...more } });
const missing = () => problem(404, 'This does not exist, or you may not see it.');

const live = (status: string) => status === 'open' || status === 'pending';

function inView(conversation: Conversation, view: string): boolean {
  const { status, assignee_id, draft } = conversation;
  if (view === 'mine') return live(status) && assignee_id === me.id;
  if (view === 'unassigned') return status === 'open' && assignee_id === null;
  if (view === 'mentions') return conversation.id === 1;
  if (view === 'drafts') return Boolean(draft) || drafts.has(conversation.id);
  return status === view;
}

const notifications = [
  { id: 2, kind: 'mention', conversation_id: 1, number: 1, subject: 'Where is my parcel?', preview: '@Anna can you look?', message_id: 3, actor: { type: 'agent', id: 2, name: 'Marek Novák' }, times: 1, at: new Date().toISOString(), read: false },
  { id: 1, kind: 'reply_failed', conversation_id: 2, number: 2, subject: 'Wrong size', preview: '', message_id: 2, actor: { type: 'system', id: 0, name: '' }, times: 2, at: new Date().toISOString(), read: false },
];

function counts(): Counts {
  const count = (test: (c: Conversation) => boolean) => conversations.filter(test).length;
  const tabs = (test: (c: Conversation) => boolean) => ({
    open: count((c) => test(c) && c.status === 'open'), pending: count((c) => test(c) && c.status === 'pending'),
    all: count((c) => test(c) && (c.status === 'open' || c.status === 'pending' || c.status === 'snoozed')),
  });
  return {
    mine_tabs: tabs((c) => c.assignee_id === 1), unassigned_tabs: tabs((c) => c.assignee_id === null),
    mine: count((c) => inView(c, 'mine')), unassigned: count((c) => inView(c, 'unassigned')), all_open: count((c) => c.status === 'open'),
    pending: count((c) => c.status === 'pending'), snoozed: count((c) => c.status === 'snoozed'), drafts: count((c) => inView(c, 'drafts')),
    closed: count((c) => c.status === 'closed'), mentions: 1, spam: 1, trash: 0, needs_attention: 1,
    teams: teams.map((team) => ({ team_id: team.id, ...tabs((c) => c.team_id === team.id) })),
    inboxes: inboxes.map((inbox) => ({ inbox_id: inbox.id, ...tabs((c) => c.inbox_id === inbox.id) })),
  };
}

function listConversations({ query, scene }: Call): Answer {
  if (scene === 'empty') return list([]);
  let found = conversations.filter((c) => !query.has('status') ? !['spam', 'trash'].includes(c.status) || query.has('view') : true);
  const number = (name: string) => Number(query.get(name));
  const view = query.get('view');
  if (view) found = found.filter((c) => inView(c, view));
  if (query.get('status')) found = found.filter((c) => query.get('status')!.split(',').includes(c.status));
  if (query.has('team_id')) found = found.filter((c) => c.team_id === number('team_id'));
  if (query.has('inbox_id')) found = found.filter((c) => c.inbox_id === number('inbox_id'));
  if (query.has('customer_id')) found = found.filter((c) => c.customer.id === number('customer_id'));
  if (query.has('tag')) found = found.filter((c) => c.tags.some((tag) => tag.name === query.get('tag')));
  if (query.has('priority')) found = found.filter((c) => c.priority === query.get('priority'));
  const q = query.get('q')?.toLowerCase();
  if (q) found = found.filter((c) => `${c.subject} ${c.preview} ${c.customer.name}`.toLowerCase().includes(q));
  const time = (text: string | null) => (text ? Date.parse(text) : Infinity);
  const sort = query.get('sort') ?? 'newest';
  const order: Record<string, (a: Conversation, b: Conversation) => number> = {
    newest: (a, b) => time(b.last_activity_at) - time(a.last_activity_at),
    oldest: (a, b) => time(a.last_activity_at) - time(b.last_activity_at),
    waiting: (a, b) => time(a.waiting_since) - time(b.waiting_since),
    urgency: (a, b) => time(a.due_at) - time(b.due_at),
  };
  const sorted = [...found].sort(order[sort]);
  const from = Number(query.get('cursor') || 0);
  const limit = Number(query.get('limit') || 50);
  return ok({ items: sorted.slice(from, from + limit), next: from + limit < sorted.length ? String(from + limit) : '' });
}

const find = (id: string | undefined) => conversations.find((c) => c.id === Number(id));

function patch(call: Call, id?: string): Answer {
  const conversation = find(id);
  if (!conversation) return missing();
  const { add_tags = [], remove_tags = [], version, ...change } = call.body as Record<string, unknown> & { add_tags?: string[]; remove_tags?: string[] };
  if (version !== undefined && version !== conversation.version) {
    return problem(409, 'A colleague changed this conversation.', { type: 'urn:deskbell:problem:stale-version' });
  }
  Object.assign(conversation, change, { version: conversation.version + 1 });
  if ('assignee_id' in change) conversation.assignee = agents.find((agent) => agent.id === change.assignee_id) ?? null;
  const names = new Set([...conversation.tags.map((tag) => tag.name), ...add_tags].filter((name) => !remove_tags.includes(name)));
  conversation.tags = [...names].map((name) => tags.find((tag) => tag.name === name) ?? { id: nextId++, name, color: 'grey' });
  outgoing.push('conversation.updated', { conversation_id: conversation.id, inbox_id: conversation.inbox_id });
  return ok(conversation);
}

function write(call: Call, id: string | undefined, kind: 'outbound' | 'note'): Answer {
  const conversation = find(id);
  if (!conversation) return missing();
  const text = String(call.body.text ?? '');
  const seconds = Number(call.body.undo_seconds ?? me.undo_seconds);
  const undo_until = kind === 'outbound' ? new Date(Date.now() + seconds * 1000).toISOString() : null;
  const message: Message = newMessage(nextId++, conversation.id, {
    kind, author: { type: 'agent', id: me.id, name: me.name }, text, html: String(call.body.html ?? paragraphs(text)), undo_until,
    delivery: kind === 'outbound' ? deliveryOf('queued') : null, to: [{ address: conversation.customer.email, name: conversation.customer.name }],
  });
  messages.push(message);
  drafts.delete(conversation.id);
  conversation.last_message_id = message.id;
  conversation.last_activity_at = message.created_at;
  conversation.draft = false;
  conversation.draft_preview = '';
  const data = { conversation_id: conversation.id, message_id: message.id, inbox_id: conversation.inbox_id };
  outgoing.push(kind === 'note' ? 'note.added' : 'message.sent', data);
  if (kind === 'note') return ok(message, 201);
  setTimeout(() => {
    if (message.delivery?.state !== 'queued') return;
    message.delivery = deliveryOf('sent');
    message.undo_until = null;
    outgoing.push('message.delivery_changed', data);
  }, seconds * 1000);
  Object.assign(conversation, call.body.then ?? {}, { waiting_since: null, due_at: null });
  return ok({ message, undo_until }, 202);
}

function undo(_call: Call, id?: string): Answer {
  const at = messages.findIndex((message) => message.id === Number(id) && message.delivery?.state === 'queued');
  const message = messages[at];
  if (!message) return problem(409, 'This reply has already been sent.');
  messages.splice(at, 1);
  message.delivery = deliveryOf('cancelled');
  return ok({ kind: 'reply', text: message.text, html: message.html, to: message.to, cc: [], bcc: [], from: '', replaces_message_id: 0, attachment_ids: [], attachments: [], then: {}, plain: false, without_quote: false, shared: false, held: false, version: 1, updated_at: message.created_at } satisfies Draft);
}

function draft(call: Call, id?: string): Answer {
  const key = Number(id);
  if (call.method === 'GET') return drafts.has(key) ? ok(drafts.get(key)) : missing();
  const conversation = find(id);
  if (!conversation) return missing();
  conversation.draft = call.method === 'PUT';
  if (call.method === 'DELETE') {
    drafts.delete(key);
    return none;
  }
  const version = (drafts.get(key)?.version ?? 0) + 1;
  const kept = { attachments: [], ...call.body, version, updated_at: new Date().toISOString() } as unknown as Draft;
  drafts.set(key, kept);
  return ok(kept);
}

function customer(id?: string): Answer {
  const conversation = find(id);
  if (!conversation) return missing();
  const { name, email } = conversation.customer;
  return ok({
    id: Number(id), name, identities: [{ id: 1, kind: 'email', value: email, verified: true }], attributes: { city: 'Bristol' },
    locale: 'en', created_at: '2025-03-04T09:00:00Z', conversations: conversations.filter((c) => c.customer.id === Number(id)),
    hidden_conversations: id === '1' ? 2 : 0, version: 1,
  });
}

function search({ query }: Call): Answer {
  const q = (query.get('q') ?? '').toLowerCase();
  const hits = conversations.filter((c) => `${c.subject} ${c.preview} ${c.customer.name}`.toLowerCase().includes(q));
  return list(hits.map((c) => ({ type: 'conversation', id: c.id, conversation_id: c.id, title: c.customer.name, snippet: c.subject, at: c.last_activity_at })));
}

const routes: [string, RegExp, Handler][] = [
  ['GET', /^\/session\/state$/, ({ scene }) => ok({ setup_needed: scene === 'setup', signed_in: scene !== 'signed-out', public_url: 'http://localhost:5173', public_url_matches: true, demo: true, version: 'dev' })],
  ['POST', /^\/(session|setup|invitations\/accept|password-resets\/use)$/, ({ body }) => body.password === 'wrong' ? problem(401, 'This email and password do not belong together.') : ok(me)],
  ['DELETE', /^\/session$/, () => none],
  ['POST', /^\/invitations\/check$/, () => ok({ email: 'new@lindenandloom.example', name: '', role_name: 'Agent', expires_at: new Date(Date.now() + 7e7).toISOString() })],
  ['GET', /^\/me$/, () => ok(me)],
  ['PATCH', /^\/me$/, ({ body }) => ok(Object.assign(me, body))],
  ['POST', /^\/me\/password$/, () => none],
  ['GET', /^\/me\/sessions$/, () => list([{ id: 1, current: true, user_agent: 'Chromium on Linux', ip: '192.0.2.7', created_at: new Date().toISOString(), last_seen_at: new Date().toISOString() }])],
  ['GET', /^\/agents$/, () => list(agents)],
  ['GET', /^\/roles$/, () => list(roles)],
  ['GET', /^\/teams$/, () => list(teams)],
  ['GET', /^\/tags$/, () => list(tags)],
  ['GET', /^\/inboxes$/, () => list(inboxes)],
  ['GET', /^\/inboxes\/(\d+)$/, (_c, id) => ok(inboxes.find((inbox) => inbox.id === Number(id)))],
  ['PATCH', /^\/inboxes\/(\d+)$/, ({ body }, id) => ok(Object.assign(inboxes.find((inbox) => inbox.id === Number(id))!, body))],
  ['GET', /^\/inboxes\/(\d+)\/health$/, () => ok({ state: 'receiving', last_success_at: new Date().toISOString(), backlog: 0, last_error: '', sending: { queued: 0, last_error: '' }, folders: [], last_mail_at: null, usual_pause_seconds: 0, consent: null })],
  ['GET', /^\/inboxes\/health$/, () => ok({ items: [], next: '' })],
  ['GET', /^\/inboxes\/\d+\/(imports|folders)$/, () => ok({ items: [], next: '' })],
  ['GET', /^\/mail-providers$/, () => ok({ items: [], next: '' })],
  ['POST', /^\/inboxes\/(test|\d+\/test)$/, () => ok({ ok: true, steps: [
    { name: 'imap_sign_in', ok: true, level: 'ok', sentence: 'We can sign in and read the mailbox.', detail: '1,284 messages in Inbox.', ms: 812 },
    { name: 'imap_idle', ok: true, level: 'ok', sentence: 'New mail reaches us at once.', ms: 204 },
    { name: 'smtp_send', ok: true, level: 'warn', sentence: 'Some of your replies may land in spam.', detail: 'The domain does not sign what Deskbell sends.', ms: 6100 }] })],
  ['GET', /^\/invitations$/, () => list([])],
  ['POST', /^\/invitations$/, ({ body }) => ok({ id: nextId++, email: body.email, link: 'http://localhost:5173/invitation?token=example', expires_at: new Date(Date.now() + 7e7).toISOString() }, 201)],
  ['GET', /^\/api-keys$/, () => list([{ id: 1, name: 'Order import', prefix: 'dbk_4f2a', scopes: ['conversations:read'], agent_id: 1, created_at: '2026-09-01T08:00:00Z', last_used_at: new Date().toISOString(), expires_at: null }])],
  ['POST', /^\/api-keys$/, ({ body }) => ok({ id: nextId++, name: body.name, key: 'dbk_example_key_shown_once', prefix: 'dbk_exam', scopes: body.scopes }, 201)],
  ['GET', /^\/jobs$/, () => list([{ id: 1, kind: 'message.deliver', state: 'dead', attempts: 8, sentence: 'The server refused the recipient.', last_error: 'deliver message 12: smtp: 550', run_at: new Date().toISOString(), created_at: '2026-11-18T09:00:00Z', summary: 'Reply to grace.okafor@post.example' }])],
  ['GET', /^\/jobs\/counts$/, () => ok({ waiting: 0, running: 0, dead: 1 })],
  ['GET', /^\/outbox$/, () => list([])],
  ['GET', /^\/notifications\/count$/, ({ scene }) => ok({ unread: scene === 'empty' ? 0 : 2 })],
  ['GET', /^\/notifications$/, ({ scene }) => list(scene === 'empty' ? [] : notifications)],
  ['POST', /^\/notifications\/read$/, () => ok({ unread: 0 })],
  ['GET', /^\/me\/notification-settings$/, () => ok({ items: ['mention', 'assigned', 'customer_reply', 'reply_failed', 'reply_held', 'draft_taken'].map((kind) => ({ kind, app: true })) })],
  ['GET', /^\/counts$/, ({ scene }) => scene === 'empty' ? ok({ ...counts(), mine: 0 }) : ok(counts())],
  ['GET', /^\/conversations$/, listConversations],
  ['GET', /^\/conversations\/(\d+)$/, (_c, id) => find(id) ? ok(find(id)) : missing()],
  ['PATCH', /^\/conversations\/(\d+)$/, patch],
  ['GET', /^\/conversations\/(\d+)\/messages$/, ({ query }, id) => {
    const found = messages.filter((message) => message.conversation_id === Number(id));
    return list(query.get('order') === 'desc' ? found.reverse() : found);
  }],
  ['POST', /^\/conversations\/(\d+)\/replies$/, (call, id) => write(call, id, 'outbound')],
  ['POST', /^\/conversations\/(\d+)\/notes$/, (call, id) => write(call, id, 'note')],
  ['POST', /^\/conversations\/(\d+)\/(read|unread)$/, (_c, id, how) => {
    if (find(id)) find(id)!.unread = how === 'unread';
    return none;
  }],
  ['GET', /^\/conversations\/(\d+)\/draft$/, draft],
  ['PUT', /^\/conversations\/(\d+)\/draft$/, draft],
  ['DELETE', /^\/conversations\/(\d+)\/draft$/, draft],
  ['GET', /^\/conversations\/(\d+)\/participants$/, (_c, id) => ok({ to: [{ address: find(id)?.customer.email, name: find(id)?.customer.name }], cc: [], unverified: [], reply_from: { address: 'support@lindenandloom.example', name: 'Ayşe from Linden & Loom' }, aliases: [] })],
  ['POST', /^\/messages\/(\d+)\/undo$/, undo],
  ['GET', /^\/messages\/(\d+)\/original$/, (_c, id) => ok({ text: '', html: `${messages.find((m) => m.id === Number(id))?.html}<blockquote><p>Your order has left our house.</p></blockquote>` })],
  ['GET', /^\/customers$/, () => list(conversations.map((c) => ({ ...(customer(String(c.id)).body as object) })))],
  ['GET', /^\/customers\/(\d+)$/, (_c, id) => customer(id)],
  ['GET', /^\/customers\/(\d+)\/duplicates$/, () => list([])],
  ['GET', /^\/search$/, search],
];

export function answer(call: Call): Answer {
  if (call.scene === 'signed-out' || call.scene === 'setup') {
    if (call.method === 'GET' && call.path !== '/session/state') return problem(401, 'Sign in first.');
  }
  if (call.scene === 'error' && /^\/conversations/.test(call.path)) return problem(500, 'The server made a mistake.');
  for (const [method, pattern, handle] of routes) {
    const match = method === call.method ? pattern.exec(call.path) : null;
    if (match) return handle(call, ...match.slice(1)) ?? missing();
  }
  return missing();
}
