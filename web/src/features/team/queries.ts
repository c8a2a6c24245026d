import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import { directoryKeys, list } from '@/api/directory';
import type { Answer, Sent } from '@/api/schema';
import type { ApiKey, Id, Invitation, Me, Page, SignedInSession } from '@/api/types';

export const teamKeys = {
  invitations: ['invitations'] as const,
  apiKeys: ['api-keys'] as const,
  sessions: ['me', 'sessions'] as const,
  secondStep: ['me', 'second-step'] as const,
  sessionsOf: (id: Id) => ['agents', id, 'sessions'] as const,
  security: ['settings', 'security'] as const,
};

export const invitationsQuery = list<Invitation>(teamKeys.invitations, '/invitations');
export const apiKeysQuery = list<ApiKey>(teamKeys.apiKeys, '/api-keys');
export const sessionsQuery = queryOptions({
  queryKey: teamKeys.sessions,
  queryFn: async ({ signal }) => (await api.get<Page<SignedInSession>>('/me/sessions', { signal })).items,
  staleTime: 0,
});

export const secondStepQuery = queryOptions({
  queryKey: teamKeys.secondStep,
  queryFn: ({ signal }) => api.get<SecondStepState>('/me/second-step', { signal }),
  staleTime: 0,
});
export const sessionsOfQuery = (id: Id) =>
  queryOptions({
    queryKey: teamKeys.sessionsOf(id),
    queryFn: async ({ signal }) => (await api.get<Page<SignedInSession>>(`/agents/${id}/sessions`, { signal })).items,
    staleTime: 0,
  });
export const securityQuery = queryOptions({
  queryKey: teamKeys.security,
  queryFn: ({ signal }) => api.get<Security>('/settings/security', { signal }),
});

export type SecondStepState = Answer<'/me/second-step'>;
export type NewSecret = Answer<'/me/second-step', 'post'>;
export type NewCodes = Answer<'/me/second-step/confirm', 'post'>;
export type Security = Answer<'/settings/security'>;
export type InviteLink = Answer<'/invitations', 'post'>;
export type NewKey = Answer<'/api-keys', 'post'>;
export type ResetLink = Answer<'/agents/{id}/reset-password', 'post'>;
export type AgentChange = Sent<'/agents/{id}', 'patch'>;
export type MeChange = Sent<'/me', 'patch'>;

export const people = {
  invite: (body: Sent<'/invitations'>) => api.post<InviteLink>('/invitations', { body }),
  withdraw: (id: Id) => api.delete(`/invitations/${id}`),
  change: ({ id, ...body }: AgentChange & { id: Id }) => api.patch(`/agents/${id}`, { body }),
  resend: (id: Id) => api.post<InviteLink>(`/invitations/${id}/resend`),
  endSession: ({ agent, session }: { agent: Id; session: Id }) => api.delete(`/agents/${agent}/sessions/${session}`),
  endSessions: (agent: Id) => api.delete(`/agents/${agent}/sessions`),
  resetSecondStep: (agent: Id) => api.delete(`/agents/${agent}/second-step`),
  security: (body: Sent<'/settings/security', 'patch'>) => api.patch<Security>('/settings/security', { body }),
  resetLink: (id: Id) => api.post<ResetLink>(`/agents/${id}/reset-password`),
};

export const teams = {
  create: (body: Sent<'/teams'>) => api.post('/teams', { body }),
  change: ({ id, ...body }: Sent<'/teams/{id}', 'patch'> & { id: Id }) => api.patch(`/teams/${id}`, { body }),
  remove: (id: Id) => api.delete(`/teams/${id}`),
};

export const roleWrites = {
  create: (body: Sent<'/roles'>) => api.post('/roles', { body }),
  change: ({ id, ...body }: Sent<'/roles/{id}', 'patch'> & { id: Id }) => api.patch(`/roles/${id}`, { body }),
  remove: (id: Id) => api.delete(`/roles/${id}`),
};

export const keys = {
  create: (body: Sent<'/api-keys'>) => api.post<NewKey>('/api-keys', { body }),
  revoke: (id: Id) => api.delete(`/api-keys/${id}`),
};

export const mine = {
  password: (body: Sent<'/me/password'>) => api.post('/me/password', { body }),
  endSession: (id: Id) => api.delete(`/me/sessions/${id}`),
  beginSecondStep: (body: Sent<'/me/second-step'>) => api.post<NewSecret>('/me/second-step', { body }),
  confirmSecondStep: (body: Sent<'/me/second-step/confirm'>) => api.post<NewCodes>('/me/second-step/confirm', { body }),
  newCodes: (body: Sent<'/me/second-step/recovery-codes'>) => api.post<NewCodes>('/me/second-step/recovery-codes', { body }),
  secondStepOff: (body: Sent<'/me/second-step/off'>) => api.post('/me/second-step/off', { body }),
};

/** Changes my own settings: shown at once, taken back when the server refuses. */
export function useEditMe() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: MeChange) => api.patch<Me>('/me', { body }),
    onMutate: async (change) => {
      await queries.cancelQueries({ queryKey: directoryKeys.me, exact: true });
      const before = queries.getQueryData<Me>(directoryKeys.me);
      if (before) queries.setQueryData<Me>(directoryKeys.me, { ...before, ...change });
      return before;
    },
    onSuccess: (me) => queries.setQueryData(directoryKeys.me, me),
    onError: (_error, _change, before) => queries.setQueryData(directoryKeys.me, before),
  });
}
