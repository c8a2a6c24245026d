import { useEffect } from 'react';
import { onSignedOut } from '@/api/client';
import { currentHref, navigate } from '@/lib/router';
import { queryClient } from '../queryClient';

/** Goes to sign-in, and back here afterwards, when the server says that the session is over. */
export function useSessionEnd(): void {
  useEffect(
    () =>
      onSignedOut(() => {
        if (location.pathname === '/sign-in') return;
        void navigate({ to: '/sign-in', search: { next: currentHref() } }).then(() => queryClient.clear());
      }),
    [],
  );
}
