import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { meQuery } from '@/api/directory';
import { useEditMe } from '@/features/team/queries';
import { keyUsed, singleKeys, type CommandId } from '@/lib/commands';
import { useStore } from '@/lib/store';
import { keyLessons, type Kept } from './firstSteps';

/** Notes on the account which of the keys somebody has used, until they know all or have put the list away. */
export function useKeyLessons(): void {
  const { data: me } = useQuery(meQuery);
  const { mutate } = useEditMe();
  const used = useStore(keyUsed);
  useEffect(() => {
    const kept = (me?.onboarding ?? {}) as Kept;
    if (!me || !used || !singleKeys.get() || kept.dismissed) return;
    const learned = kept.learned ?? [];
    if (!(keyLessons as readonly CommandId[]).includes(used.id) || learned.includes(used.id)) return;
    mutate({ onboarding: { ...kept, learned: [...learned, used.id] } });
    // Only a key that is pressed teaches; what else changes on the account does not.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [used]);
}
