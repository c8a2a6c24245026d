import type { Agent, Inbox, Me, Permission, Role, Tag, Team } from '../../src/api/types';

// An invented shop, Linden & Loom.
const everything: Permission[] = [
  'conversations:read', 'conversations:reply', 'conversations:note', 'conversations:update', 'conversations:delete',
  'customers:read', 'customers:write', 'customers:merge', 'inboxes:manage', 'agents:manage', 'teams:manage', 'tags:manage',
  'settings:manage', 'jobs:manage', 'ledger:read', 'apikeys:manage', 'search:read', 'events:read',
];

export const roles: Role[] = [
  { id: 1, key: 'owner', name: 'Owner', permissions: everything },
  { id: 2, key: 'admin', name: 'Admin', permissions: everything },
  { id: 3, key: 'lead', name: 'Team lead', permissions: everything.filter((p) => !p.endsWith(':manage')) },
  { id: 4, key: 'agent', name: 'Agent', permissions: everything.slice(0, 4) },
  { id: 5, key: 'light_agent', name: 'Light agent', permissions: ['conversations:read', 'conversations:note'] },
];

export const me: Me = {
  id: 1, name: 'Ayşe Demir', email: 'ayse@lindenandloom.example', role: { id: 1, key: 'owner', name: 'Owner' },
  permissions: everything, locale: 'en', theme: 'auto', density: 'comfortable', undo_seconds: 10,
  signature: '<p>Kind regards<br>Ayşe</p>', single_key_shortcuts: true, swipe_to_end: 'close', swipe_to_start: 'snooze', plain_replies: false, away: false, team_ids: [1],
  inboxes: [{ inbox_id: 1, access: 'all' }, { inbox_id: 2, access: 'all' }], onboarding: {}, must_set_up_second_step: false,
};

function agent(id: number, name: string, role: number, team_ids: number[], presence: Agent['presence']): Agent {
  return {
    id, name, email: `${name.split(' ')[0]!.toLowerCase()}@lindenandloom.example`, role_id: role,
    role_key: roles[role - 1]!.key, active: true, team_ids, inboxes: [{ inbox_id: 1, access: 'all' }],
    permissions: roles[role - 1]!.permissions, second_step: role === 1, last_seen_at: new Date().toISOString(), presence,
  };
}

export const agents: Agent[] = [
  agent(1, 'Ayşe Demir', 1, [1], 'online'),
  agent(2, 'Marek Novák', 3, [1], 'online'),
  agent(3, 'Yuki Tanaka', 4, [1, 2], 'online'),
  agent(4, 'Oksana Bondar', 4, [2], 'away'),
  agent(5, 'Tom Ellery', 5, [], 'offline'),
];

export const teams: Team[] = [
  { id: 1, name: 'Orders', icon: 'box', agent_ids: [1, 2, 3] },
  { id: 2, name: 'Wholesale', icon: 'store', agent_ids: [3, 4] },
];

export const tags: Tag[] = [
  { id: 1, name: 'damaged', color: 'red' },
  { id: 2, name: 'swap', color: 'teal' },
  { id: 3, name: 'return', color: 'blue' },
  { id: 4, name: 'address', color: 'violet' },
  { id: 5, name: 'invoice', color: 'grey' },
  { id: 6, name: 'carrier', color: 'amber' },
];

function inbox(id: number, name: string, address: string, languages: string[]): Inbox {
  const server = { host: 'mail.lindenandloom.example', username: address, tls: 'tls' as const, password_set: true, auth: 'password' as const };
  return {
    id, name, channel: 'email', brand_id: 1, archived_at: null, created_at: '2026-01-08T09:00:00Z', version: 1, address, aliases: [], catch_all: false, mask_cards: true, sending: { link_over_mb: 0, hourly_limit: 0, daily_limit: 0, warm_up_since: null }, trusted_authserv_ids: [], from_name: 'Linden & Loom', from_style: 'agent_and_shop',
    signature: '', footer: 'Linden & Loom Ltd, 4 Mill Lane, Leeds', after_reply: 'pending', reopen_days: 60, languages,
    imap: { ...server, port: 993, folders: ['INBOX'], history_days: 30, sent_folder: 'Sent', read_sent: true, rescue: true, after_fetch: 'leave', move_to: '' },
    smtp: { ...server, port: 587, tls: 'starttls' },
    members: [], default_access: 'all',
  };
}

export const inboxes: Inbox[] = [
  inbox(1, 'Support', 'support@lindenandloom.example', ['en', 'ja', 'tr', 'uk']),
  inbox(2, 'Wholesale', 'trade@lindenandloom.example', ['en']),
];
