import type { QueryClient } from '@tanstack/react-query';
import { api } from '@/api/client';
import { directoryKeys } from '@/api/directory';
import type { Me } from '@/api/types';
import { prefsNow, setPrefs } from '@/lib/prefs';

/** What drawing a row aside can do. */
export const swipes = ['close', 'snooze', 'assign_me', 'unread', 'none'] as const;

export type Swipe = (typeof swipes)[number];

/** What an account says that was never asked. */
export const usual = { swipe_to_end: 'close', swipe_to_start: 'snooze' } as const;
const known = (text: string | undefined) => swipes.find((one) => one === text);

/** Once more of this browser: what was chosen here while gestures belonged to it. An account that says otherwise wins. */
export async function moveSwipes(queries: QueryClient, me: Me): Promise<void> {
  const { swipeToEnd, swipeToStart } = prefsNow();
  if (swipeToEnd === undefined && swipeToStart === undefined) return;
  const here = { swipe_to_end: known(swipeToEnd) ?? usual.swipe_to_end, swipe_to_start: known(swipeToStart) ?? usual.swipe_to_start };
  const isUsual = (one: typeof here | Me) => one.swipe_to_end === usual.swipe_to_end && one.swipe_to_start === usual.swipe_to_start;
  if (isUsual(me) && !isUsual(here)) {
    try {
      queries.setQueryData(directoryKeys.me, await api.patch<Me>('/me', { body: here }));
    } catch {
      return; // Next time.
    }
  }
  setPrefs({ swipeToEnd: undefined, swipeToStart: undefined });
}
