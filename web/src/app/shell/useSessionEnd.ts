import { useEffect } from 'react';
import { onLocked, onSignedOut } from '@/api/client';
import { directoryKeys } from '@/api/directory';
import { currentHref, navigate } from '@/lib/router';
import { tellWorker } from '@/lib/worker';
import { queryClient } from '../queryClient';

/** Goes to sign-in, and back here afterwards, when the server says that the session is over. */
export function useSessionEnd(): void {
  useEffect(
    () =>
      onSignedOut(() => {
        tellWorker({ type: 'forget' });
        if (location.pathname === '/sign-in') return;
        void navigate({ to: '/sign-in', search: { next: currentHref() } }).then(() => queryClient.clear());
      }),
    [],
  );
  // Everybody needs a second step from now on: who I am says so, and the page for it takes the place of this one.
  useEffect(() => onLocked(() => void queryClient.invalidateQueries({ queryKey: directoryKeys.me, exact: true })), []);
}
