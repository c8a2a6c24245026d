import { queryOptions, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import { directoryKeys, sessionQuery } from '@/api/directory';
import type { Answer, Sent } from '@/api/schema';
import type { Me } from '@/api/types';
import { keepFor } from '@/lib/localStore';
import { go } from '@/lib/router';

export type InvitationCheck = Answer<'/invitations/check', 'post'>;

export const invitationQuery = (token: string) =>
  queryOptions({
    queryKey: ['invitation', token],
    queryFn: ({ signal }) => api.post<InvitationCheck>('/invitations/check', { body: { token }, signal }),
    retry: false,
    staleTime: Infinity,
  });

export const doors = {
  signIn: (body: Sent<'/session'>) => api.post<Me>('/session', { body }),
  setUp: (body: Sent<'/setup'>) => api.post<Me>('/setup', { body }),
  accept: (body: Sent<'/invitations/accept'>) => api.post<Me>('/invitations/accept', { body }),
  forgot: (body: Sent<'/password-resets'>) => api.post('/password-resets', { body }),
  reset: (body: Sent<'/password-resets/use'>) => api.post<Me>('/password-resets/use', { body }),
};

/** Goes in: whatever was known of somebody else is forgotten. */
async function enter(queries: QueryClient, me: Me, to: string): Promise<void> {
  // The page that served somebody else is loaded anew, and with it goes all that it remembered.
  if (!keepFor(me.id)) return location.replace(to);
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey !== sessionQuery.queryKey });
  queries.setQueryData(directoryKeys.me, me);
  await go(to, true);
  await queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
}

export function useEnter() {
  const queries = useQueryClient();
  return (me: Me, to: string) => enter(queries, me, to);
}
