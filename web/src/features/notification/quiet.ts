import type { Rhythm } from './queries';

/** The minute of the day as a time field shows it. */
export const clockOf = (minute: number): string => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** What stands in a time field as a minute of the day, undefined while it is not whole. */
export function minuteOf(text: string): number | undefined {
  const found = /^(\d\d):(\d\d)/.exec(text);
  return found ? Number(found[1]) * 60 + Number(found[2]) : undefined;
}

/** Whether a moment lies in the quiet hours of somebody, where they are. */
export function isQuiet({ quiet, quiet_from: from, quiet_until: until, time_zone: zone }: Rhythm, at: Date): boolean {
  if (!quiet || from === until) return false;
  const parts = new Intl.DateTimeFormat('en', { timeZone: zone || 'UTC', hour: 'numeric', minute: 'numeric', hourCycle: 'h23' }).formatToParts(at);
  const part = (type: string) => Number(parts.find((one) => one.type === type)!.value);
  const minute = part('hour') * 60 + part('minute');
  return from < until ? minute >= from && minute < until : minute >= from || minute < until;
}
