import type { Id } from '@/api/types';
import type { HoursSet, Interval, OwnDay, SetBody } from './queries';

/** Monday first, as the page shows them. */
export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export type Weekday = (typeof weekdays)[number];

/** What the form holds. A day has a name of its own, so that what is wrong with it stands beside it. */
export type Values = Record<`week.${Weekday}`, Interval[]> & {
  name: string;
  time_zone: string;
  country: string;
  own_days: OwnDay[];
  default: boolean;
  inbox_ids: Id[];
};

export const maxIntervals = 6;
export const usual: readonly Interval[] = [{ from: '09:00', to: '17:00' }];

/** Where the browser is. */
export const here = () => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

/** Monday to Friday from nine to five, which most change a little. */
export function suggested(name: string): SetBody {
  return { name, time_zone: here(), week: Object.fromEntries(weekdays.map((day, at) => [day, at < 5 ? [...usual] : []])) };
}

export function valuesOf(set: HoursSet | SetBody): Values {
  const days = Object.fromEntries(weekdays.map((day) => [`week.${day}`, set.week?.[day] ?? []])) as Record<`week.${Weekday}`, Interval[]>;
  return {
    ...days, name: set.name ?? '', time_zone: set.time_zone ?? here(), country: set.country ?? '', own_days: set.own_days ?? [],
    default: set.default ?? false, inbox_ids: set.inbox_ids ?? [],
  };
}

/** What the server is sent. What it says is wrong with a day comes back under the day's place in own_days. */
export function bodyFrom(values: Values): SetBody {
  return {
    name: values.name.trim(), time_zone: values.time_zone, country: values.country, own_days: values.own_days, default: values.default, inbox_ids: values.inbox_ids,
    week: Object.fromEntries(weekdays.map((day) => [day, values[`week.${day}`]])),
  };
}

/** The hours to begin with when a day gets another interval: after the last one, an hour later. */
export function another(list: readonly Interval[]): Interval {
  const last = list.at(-1);
  if (!last) return usual[0]!;
  const hour = Number(last.to.slice(0, 2));
  const two = (part: number) => String(Math.min(part, 24)).padStart(2, '0');
  return hour >= 22 ? { from: '23:00', to: '24:00' } : { from: `${two(hour + 1)}:00`, to: `${two(hour + 4)}:00` };
}

// A field of type time ends at 23:59, and the day at 24:00.
export const shownEnd = (to: string) => (to === '24:00' ? '00:00' : to);
export const typedEnd = (typed: string) => (typed === '00:00' ? '24:00' : typed);

const timed = (list: readonly Interval[]) => list.map(({ from, to }) => `${from}-${to}`).join();

/** Whether Tuesday to Friday have the hours of Monday. */
export const alike = (values: Values) => weekdays.slice(1, 5).every((day) => timed(values[`week.${day}`]) === timed(values['week.monday']));
