import { useQuery } from '@tanstack/react-query';
import { api } from '@/api/client';
import type { Item } from '@/api/schema';
import type { Id } from '@/api/types';
import { snoozeChoices, withinHours, type SnoozeChoice } from './snooze';

type Opening = Item<'/business-hours/openings'>;

const none: readonly SnoozeChoice[] = [];

/** The moments that are offered, within the business hours of the inbox where there are some. They appear when these are known, so that none moves under the pointer. */
export function useOpenChoices(now: Date, inbox: Id | undefined): readonly SnoozeChoice[] {
  const choices = snoozeChoices(now);
  const at = choices.map((choice) => choice.at.toISOString());
  const { data, isPending, fetchStatus } = useQuery({
    queryKey: ['business-hours', 'openings', inbox, ...at], enabled: inbox !== undefined, retry: false, staleTime: 60_000, gcTime: 60_000, meta: { handled: true },
    queryFn: async ({ signal }) => (await api.get<{ items: Opening[] }>('/business-hours/openings', { query: { inbox_id: inbox, at: at.join() }, signal })).items,
  });
  if (isPending && fetchStatus === 'fetching') return none;
  if (!data?.length) return choices;
  return withinHours(choices, (when) => {
    const found = data.find((one) => Date.parse(one.at) === when.getTime());
    return found?.open_from ? new Date(found.open_from) : when;
  });
}
