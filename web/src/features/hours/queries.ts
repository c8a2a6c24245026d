import { queryOptions } from '@tanstack/react-query';
import { api } from '@/api/client';
import { list } from '@/api/directory';
import type { Answer, Item, Sent } from '@/api/schema';
import type { Id } from '@/api/types';

export type HoursSet = Item<'/business-hours'>;
export type SetBody = Sent<'/business-hours'>;
export type Now = Answer<'/business-hours/try', 'post'>;
export type Interval = NonNullable<HoursSet['week']['monday']>[number];
export type OwnDay = HoursSet['own_days'][number];
export type Holiday = Item<'/public-holidays/{country}'>;

export const hoursKeys = { all: ['business-hours'] as const, tried: (body: string) => ['business-hours', 'try', body] as const };

// What holds now is part of the answer.
export const hoursQuery = queryOptions({ ...list<HoursSet>(hoursKeys.all, '/business-hours'), staleTime: 0, refetchInterval: 60_000 });

export const countriesQuery = queryOptions({ ...list<Item<'/public-holidays'>>(['public-holidays'], '/public-holidays'), staleTime: Infinity });

export const holidaysQuery = (country: string) =>
  queryOptions({ ...list<Holiday>(['public-holidays', country], `/public-holidays/${country}`), staleTime: 60 * 60_000, enabled: country !== '' });

/** What a set that is being written would mean now. */
export const triedQuery = (body: string) =>
  queryOptions({
    queryKey: hoursKeys.tried(body), queryFn: ({ signal }) => api.post<Now>('/business-hours/try', { body: JSON.parse(body) as SetBody, signal }),
    retry: false, staleTime: 30_000, gcTime: 60_000, refetchInterval: 60_000,
  });

export const hoursWrites = {
  create: (body: SetBody) => api.post<HoursSet>('/business-hours', { body }),
  change: ({ id, ...body }: Sent<'/business-hours/{id}', 'patch'> & { id: Id }) => api.patch<HoursSet>(`/business-hours/${id}`, { body }),
  remove: (id: Id) => api.delete(`/business-hours/${id}`),
  restore: (id: Id) => api.post<HoursSet>(`/business-hours/${id}/restore`),
};
