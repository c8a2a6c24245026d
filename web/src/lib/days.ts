import { daysBetween, momentLabel } from './dates';
import { intlLocale } from './i18n';

/** The end of a day here, as the server keeps moments: what is due on a day may be done until it is over. */
export const endOfDay = (day: string) => new Date(`${day}T23:59:00`).toISOString();

/** The end of the day so many days from now. */
export function endIn(days: number): string {
  const now = new Date();
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, 23, 59).toISOString();
}

/** The day of a moment, as a field of type date takes it. */
export function dayOf(at: string | null): string {
  if (!at) return '';
  const date = new Date(at);
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;
}

/** When something is due: today, tomorrow or Fri 27 Nov where it may be done until the day is over, else with the hour. */
export function dueLabel(at: string, now: number, locale = intlLocale()): string {
  if (new Date(at).toISOString() !== endOfDay(dayOf(at))) return momentLabel(at, now, locale);
  const days = daysBetween(now, at);
  if (Math.abs(days) < 2) return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(days, 'day');
  return new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short' }).format(new Date(at));
}
