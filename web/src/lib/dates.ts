import { intlLocale } from './i18n';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const cache = new Map<string, Intl.DateTimeFormat>();

function formatter(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  let found = cache.get(key);
  if (!found) cache.set(key, (found = new Intl.DateTimeFormat(locale, options)));
  return found;
}

type When = string | number | Date;

function startOfDay(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
}

/** Whole calendar days from one to the other in local time; clock changes do not count. */
export function daysBetween(from: When, to: When): number {
  return Math.round((startOfDay(new Date(to)) - startOfDay(new Date(from))) / day);
}

/** The short time of a list row: 18:24 today, Wed within the last week, 14 Nov this year, 14 Nov 2025 before. */
export function listTime(at: When, now: number, locale = intlLocale()): string {
  const then = new Date(at);
  const age = daysBetween(then, now);
  if (age === 0) return timeOfDay(then, locale);
  if (age > 0 && age < 7) return formatter(locale, { weekday: 'short' }).format(then);
  const sameYear = then.getFullYear() === new Date(now).getFullYear();
  const options: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short' };
  return formatter(locale, sameYear ? options : { ...options, year: 'numeric' }).format(then);
}

export function timeOfDay(at: When, locale = intlLocale()): string {
  return formatter(locale, { timeStyle: 'short' }).format(new Date(at));
}

/** The full moment, for the tooltip of every shorter form. */
export function fullTime(at: When, locale = intlLocale()): string {
  return formatter(locale, { dateStyle: 'full', timeStyle: 'short' }).format(new Date(at));
}

/** “5 minutes ago” or “in 2 days” under seven days, the date after. */
export function relativeTime(at: When, now: number, locale = intlLocale()): string {
  const then = new Date(at).getTime();
  const gap = then - now;
  const size = Math.abs(gap);
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  if (size < minute) return words.format(0, 'second');
  if (size < hour) return words.format(Math.round(gap / minute), 'minute');
  if (size < day) return words.format(Math.round(gap / hour), 'hour');
  if (size < 7 * day) return words.format(daysBetween(now, then), 'day');
  return formatter(locale, { day: 'numeric', month: 'short', year: 'numeric' }).format(then);
}

type Unit = 'day' | 'hour' | 'minute';
const units = new Map<string, Intl.NumberFormat>();

// Making one takes longer than a row of the list; each row has one.
function unitFormat(locale: string, unit: Unit): Intl.NumberFormat {
  const key = `${locale} ${unit}`;
  let found = units.get(key);
  if (!found) units.set(key, (found = new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'narrow' })));
  return found;
}

/** A span in its largest unit, coarse then fine: 2d, 5h, 42m, 4:31. Milliseconds in; the sign is dropped. */
export function shortSpan(ms: number, locale = intlLocale()): string {
  const size = Math.abs(ms);
  const unit = (value: number, name: Unit) => unitFormat(locale, name).format(Math.floor(value));
  if (size >= day) return unit(size / day, 'day');
  if (size >= hour) return unit(size / hour, 'hour');
  if (size >= 5 * minute) return unit(size / minute, 'minute');
  const seconds = Math.floor(size / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** A moment to come, as short as it can be said: 18:24 today, else Fri 20 Nov, 09:00. */
export function momentLabel(at: When, now: number, locale = intlLocale()): string {
  const then = new Date(at);
  if (daysBetween(now, then) === 0) return timeOfDay(then, locale);
  return formatter(locale, { weekday: 'short', day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' }).format(then);
}

/** The time of a message: 18:24 today, else with its day. */
export function messageTime(at: When, now: number, locale = intlLocale()): string {
  const then = new Date(at);
  if (daysBetween(then, now) === 0) return timeOfDay(then, locale);
  const sameYear = then.getFullYear() === new Date(now).getFullYear();
  return formatter(locale, {
    day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit', ...(sameYear ? {} : { year: 'numeric' }),
  }).format(then);
}
