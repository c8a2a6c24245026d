import { intlLocale, type Translate } from '@/lib/i18n';
import type { Now } from './queries';
import { weekdays, type Weekday } from './values';

// 2 November 2026 is a Monday.
const monday = Date.UTC(2026, 10, 2, 12);

export function dayName(day: Weekday, locale = intlLocale()): string {
  const name = new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(monday + weekdays.indexOf(day) * 86_400_000);
  return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1);
}

/** A date such as 2026-12-24 with its weekday. */
export function dateName(date: string, locale = intlLocale()): string {
  return new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' }).format(new Date(`${date}T12:00:00Z`));
}

export function countryName(code: string, locale = intlLocale()): string {
  return new Intl.DisplayNames(locale, { type: 'region' }).of(code) ?? code;
}

export const zoneName = (zone: string) => zone.replaceAll('_', ' ');

export function timeIn(zone: string, at: number | string, locale = intlLocale()): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone: zone }).format(new Date(at));
}

/** The date of a moment in a place, as in 2026-12-24. */
export const dateIn = (zone: string, at: number | string) => new Intl.DateTimeFormat('en-CA', { dateStyle: 'short', timeZone: zone }).format(new Date(at));

// The day within a week, else the date.
function momentIn(zone: string, at: string, now: number, t: Translate): string {
  const near = new Date(at).getTime() - now < 6 * 86_400_000;
  const parts: Intl.DateTimeFormatOptions = near ? { weekday: 'long' } : { weekday: 'short', day: 'numeric', month: 'long' };
  const day = new Intl.DateTimeFormat(intlLocale(), { ...parts, timeZone: zone }).format(new Date(at));
  return t('hours.moment', { day, time: timeIn(zone, at) });
}

/** What holds now, in a sentence; the times are those of the place. */
export function statusText({ open, closes_at, opens_at }: Now, zone: string, now: number, t: Translate): string {
  const today = dateIn(zone, now);
  if (open) {
    if (!closes_at) return t('hours.always');
    if (dateIn(zone, closes_at) === today) return t('hours.open_until', { time: timeIn(zone, closes_at) });
    const midnight = dateIn(zone, new Date(closes_at).getTime() - 1) === today;
    return midnight ? t('hours.open_until_midnight') : t('hours.open_until_day', { moment: momentIn(zone, closes_at, now, t) });
  }
  if (!opens_at) return t('hours.never');
  return dateIn(zone, opens_at) === today ? t('hours.opens_at', { time: timeIn(zone, opens_at) }) : t('hours.opens_on', { moment: momentIn(zone, opens_at, now, t) });
}
