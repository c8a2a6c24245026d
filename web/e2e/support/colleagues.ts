import type { Person } from './browser.ts';
import type { Desk } from './desk.ts';

interface Newcomer {
  name: string;
  email: string;
  inbox: number;
}

/** Lets somebody join as an agent who sees everything in the inbox, and signs them in. */
export async function join(desk: Desk, inviter: Person, newcomer: Person, { name, email, inbox }: Newcomer): Promise<void> {
  const { items } = await desk.api<{ items: { id: number; key: string }[] }>(inviter, 'GET', '/roles');
  const { link } = await desk.api<{ link: string }>(inviter, 'POST', '/invitations', {
    email, name, role_id: items.find(({ key }) => key === 'agent')!.id, team_ids: [], inboxes: [{ inbox_id: inbox, access: 'all' }],
  });
  const token = new URL(link).searchParams.get('token');
  await desk.api(newcomer, 'POST', '/invitations/accept', { token, name, password: 'seven cups of strong tea', locale: 'en' });
}
