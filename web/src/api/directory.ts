import { queryOptions } from '@tanstack/react-query';
import { api } from './client';
import type { Agent, Counts, Inbox, Me, Page, Permission, Role, SessionState, Tag, Team, InboxHealth } from './types';

/**
 * The small lists that every feature reads: who I am, who works here, teams, tags, inboxes, counts.
 * What only one feature reads stands in that feature's queries.ts.
 */
export const directoryKeys = {
  health: ['inboxes', 'health'] as const,
  session: ['session'] as const,
  me: ['me'] as const,
  agents: ['agents'] as const,
  roles: ['roles'] as const,
  teams: ['teams'] as const,
  tags: ['tags'] as const,
  inboxes: ['inboxes'] as const,
  counts: ['counts'] as const,
};

const slow = 5 * 60_000;

export const sessionQuery = queryOptions({
  queryKey: directoryKeys.session,
  queryFn: ({ signal }) => api.get<SessionState>('/session/state', { signal }),
  staleTime: slow,
});

export const meQuery = queryOptions({
  queryKey: directoryKeys.me,
  queryFn: ({ signal }) => api.get<Me>('/me', { signal }),
  staleTime: slow,
});

// These lists are short; one page of 100 after the other until the end.
async function all<T>(path: string, query: object, signal: AbortSignal): Promise<T[]> {
  const items: T[] = [];
  let cursor = '';
  do {
    const page = await api.get<Page<T>>(path, { query: { ...query, limit: 100, cursor }, signal });
    items.push(...page.items);
    cursor = page.next ?? '';
  } while (cursor);
  return items;
}

/** A whole list, page after page. */
export function list<T>(key: readonly (string | number)[], path: string, query: object = {}) {
  return queryOptions({ queryKey: key, queryFn: ({ signal }) => all<T>(path, query, signal), staleTime: slow });
}

export const agentsQuery = list<Agent>(directoryKeys.agents, '/agents');
export const rolesQuery = list<Role>(directoryKeys.roles, '/roles');
export const teamsQuery = list<Team>(directoryKeys.teams, '/teams');
export const tagsQuery = list<Tag>(directoryKeys.tags, '/tags');
export const inboxesQuery = list<Inbox>(directoryKeys.inboxes, '/inboxes');

/** Whether mail comes in and goes out, for everybody who works with it. */
export const inboxHealthQuery = queryOptions({ ...list<InboxHealth>(directoryKeys.health, '/inboxes/health'), refetchInterval: 60_000, staleTime: 30_000 });

export const countsQuery = queryOptions({
  queryKey: directoryKeys.counts,
  queryFn: ({ signal }) => api.get<Counts>('/counts', { signal }),
  staleTime: 30_000,
});

export function can(me: Me | undefined, permission: Permission): boolean {
  return me?.permissions.includes(permission) ?? false;
}
