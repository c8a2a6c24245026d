import type { Person } from './browser.ts';
import type { Desk } from './desk.ts';

export interface PageToSee {
  name: string;
  path: string;
  /** Before sign-in. */
  open?: boolean;
}

/** Every page that a person can open, for checks and pictures. Add yours. */
export const pages: PageToSee[] = [
  { name: 'sign-in', path: '/sign-in', open: true },
  { name: 'setup-done', path: '/setup', open: true },
  { name: 'invitation-gone', path: '/invitation?token=old', open: true },
  { name: 'forgot-password', path: '/forgot-password', open: true },
  { name: 'reset-password', path: '/reset-password?token=old', open: true },
  { name: 'start', path: '/start' },
  { name: 'new', path: '/new' },
  { name: 'search', path: '/search' },
  { name: 'search-found', path: '/search?q=is%3Aopen%20-has%3Anote' },
  { name: 'tasks', path: '/tasks' },
  { name: 'customers', path: '/customers' },
  { name: 'customer', path: '/customers/1' },
  { name: 'settings-me', path: '/settings/me' },
  { name: 'settings-inboxes', path: '/settings/inboxes' },
  { name: 'settings-inbox-new', path: '/settings/inboxes/new' },
  { name: 'settings-inbox', path: '/settings/inboxes/1' },
  { name: 'settings-inbox-fetched', path: '/settings/inboxes/2' },
  { name: 'settings-sign-in-services', path: '/settings/sign-in-services' },
  { name: 'settings-hours', path: '/settings/business-hours' },
  { name: 'settings-hours-set', path: '/settings/business-hours/1' },
  { name: 'settings-hours-new', path: '/settings/business-hours/new' },
  { name: 'consent-refused', path: '/settings/inboxes/connected?state=old&error=access_denied' },
  { name: 'settings-people', path: '/settings/people' },
  { name: 'settings-invite', path: '/settings/people?invite=true' },
  { name: 'settings-roles', path: '/settings/roles' },
  { name: 'settings-sender', path: '/settings/mail-sender' },
  { name: 'settings-audit', path: '/settings/audit' },
  { name: 'settings-teams', path: '/settings/teams' },
  { name: 'settings-tags', path: '/settings/tags' },
  { name: 'settings-fields', path: '/settings/fields' },
  { name: 'settings-spam', path: '/settings/spam' },
  { name: 'settings-customer-rules', path: '/settings/customer-rules' },
  { name: 'settings-replies', path: '/settings/replies' },
  { name: 'settings-tone', path: '/settings/tone' },
  { name: 'settings-translation', path: '/settings/translation' },
  { name: 'settings-views', path: '/settings/views' },
  { name: 'settings-api-keys', path: '/settings/api-keys' },
  { name: 'settings-jobs', path: '/settings/jobs' },
  { name: 'settings-jobs-waiting', path: '/settings/jobs?state=waiting' },
  { name: 'settings-ledger', path: '/settings/ledger' },
  { name: 'settings-storage', path: '/settings/storage' },
];

/** Something of everything, so that no page is empty. */
export async function fill(desk: Desk, person: Person): Promise<void> {
  const post = <T = { id: number }>(path: string, body: object) => desk.api<T>(person, 'POST', path, body);
  const { items: roles } = await desk.api<{ items: { id: number; key: string }[] }>(person, 'GET', '/roles');
  const role = (key: string) => roles.find((one) => one.key === key)!.id;
  const orders = await post('/teams', { name: 'Orders', agent_ids: [1] });
  await post('/teams', { name: 'Wholesale', agent_ids: [] });
  const inbox = await desk.addInbox(person, { aliases: ['hello@lindenandloom.example'], footer: 'Linden & Loom Ltd, 4 Mill Lane, Leeds' });
  await desk.addInbox(person, { name: 'Wholesale', address: 'trade@lindenandloom.example', imap: { host: '127.0.0.1', port: 9, tls: 'none', username: 'trade' }, smtp: { host: '127.0.0.1', port: 9, tls: 'none' } });
  const join = async (name: string, email: string, key: string) => {
    const { link } = await post<{ link: string }>('/invitations', {
      email, name, role_id: role(key), team_ids: [orders.id], inboxes: [{ inbox_id: inbox.id, access: 'team' }],
    });
    await fetch(`${desk.program.url}/api/v1/invitations/accept`, {
      method: 'POST', headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ token: new URL(link).searchParams.get('token'), name, password: 'seven cups of strong tea' }),
    });
  };
  await join('Marek Novák', 'marek@lindenandloom.example', 'lead');
  await join('Yuki Tanaka', 'yuki@lindenandloom.example', 'agent');
  await join('Оксана Бондар', 'oksana@lindenandloom.example', 'light_agent');
  await post('/invitations', { email: 'tom@lindenandloom.example', role_id: role('agent') });
  const colors = { damaged: 'red', swap: 'teal', return: 'blue', address: 'violet', invoice: 'grey', carrier: 'amber' };
  for (const [name, color] of Object.entries(colors)) await post('/tags', { name, color });
  await post('/custom-fields', { subject: 'conversation', label: 'Reason of return', kind: 'choice', choices: ['Damaged', 'Too late', 'Wrong size'], required_on_close: true });
  await post('/custom-fields', { subject: 'conversation', label: 'Refund', kind: 'number' });
  await post('/custom-fields', { subject: 'customer', label: 'Birthday', kind: 'date' });
  const known = (name: string, email: string, attributes: object) => post('/customers', { name, identities: [{ kind: 'email', value: email }], attributes });
  const [jane, old] = [await known('Jane Doe', 'jane.doe@customer.example', { level: 'gold' }), await known('J. Doe', 'jane@work.example', { level: 'silver' })];
  await known('', 'jane.doe@school.example', {});
  await post(`/customers/${jane.id}/merge`, { customer_ids: [old.id] });
  await post('/saved-replies/starter', {});
  const days = { monday: [{ from: '09:00', to: '12:30' }, { from: '13:30', to: '17:00' }], tuesday: [{ from: '09:00', to: '17:00' }], saturday: [{ from: '10:00', to: '24:00' }] };
  await post('/business-hours', { name: 'Support', time_zone: 'Europe/London', week: days, country: 'GB', own_days: [{ date: '2030-12-24', name: 'Christmas Eve', open: [{ from: '09:00', to: '13:00' }] }, { date: '2030-12-27', open: [] }] });
  await post('/business-hours', { name: 'Wholesale', time_zone: 'Asia/Tokyo', inbox_ids: [inbox.id] });
  await post('/tone-rules/starter', {});
  await post('/views', { name: 'Damaged, not answered', audience: 'all', conditions: { all: [{ field: 'status', op: 'is', values: ['open'] }, { any: [{ field: 'tag', op: 'is', values: ['1'] }, { field: 'waiting_since', op: 'longer_than', values: ['1d'] }] }] } });
  await post('/api-keys', { name: 'Warehouse', scopes: ['conversations:read', 'mail:ingest'] });
}
