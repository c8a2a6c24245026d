import { daysBetween } from '@/lib/dates';

export interface SnoozeChoice {
  key: 'snooze.later' | 'snooze.tomorrow' | 'snooze.monday' | 'snooze.week' | 'snooze.open_day' | 'snooze.next_week';
  at: Date;
}

const morning = 9;

function day(now: Date, ahead: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + ahead, morning);
}

/** The moments offered for a snooze, in local time. Late in the evening “later today” would be tomorrow: it is left out. */
export function snoozeChoices(now: Date): SnoozeChoice[] {
  const later = new Date(now.getTime() + 3 * 3_600_000);
  const toMonday = ((8 - now.getDay()) % 7) || 7;
  const choices: SnoozeChoice[] = [];
  if (later.getDate() === now.getDate()) choices.push({ key: 'snooze.later', at: later });
  choices.push({ key: 'snooze.tomorrow', at: day(now, 1) });
  if (toMonday > 1) choices.push({ key: 'snooze.monday', at: day(now, toMonday) });
  choices.push({ key: 'snooze.week', at: day(now, 7) });
  return choices;
}

const elsewhere = { 'snooze.tomorrow': 'snooze.open_day', 'snooze.monday': 'snooze.next_week' } as const;

/** The same choices where the shop is open; open gives for a moment the first one from then on. One that moves to another day is called otherwise, and each moment is offered once. */
export function withinHours(choices: readonly SnoozeChoice[], open: (at: Date) => Date): SnoozeChoice[] {
  const moved = choices.flatMap(({ key, at }): SnoozeChoice[] => {
    const when = open(at);
    if (daysBetween(at, when) === 0) return [{ key, at: when }];
    return key === 'snooze.later' ? [] : [{ key: elsewhere[key as keyof typeof elsewhere] ?? key, at: when }];
  });
  const same = (a: SnoozeChoice) => (b: SnoozeChoice) => b.at.getTime() === a.at.getTime();
  const named = moved.filter((one) => one.key !== 'snooze.open_day' || !moved.some((other) => other.key !== one.key && same(one)(other)));
  return named.filter((one, place) => named.findIndex(same(one)) === place);
}

/** The value of a datetime-local field for a moment. */
export function localInput(at: Date): string {
  const two = (part: number) => String(part).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
