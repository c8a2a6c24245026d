import { fold } from './fold';
import { intlLocale } from './i18n';

const minute = 60_000;
const morning = 9;

// What people type for days and spans, folded. The names of weekdays and months come from Intl.
const words: Record<string, { today: string[]; tomorrow: string[]; after: string[]; span: RegExp }> = {
  en: { today: ['today'], tomorrow: ['tomorrow', 'tmr'], after: [], span: /(?:in )?(\d{1,3}) ?(min\w*|h|hours?|d|days?|w|weeks?)\b/ },
  tr: { today: ['bugun'], tomorrow: ['yarin'], after: ['obur gun'], span: /(\d{1,3}) ?(dak\w*|dk|saat|gun|hafta)(?: sonra)?/ },
  uk: { today: ['сьогодні'], tomorrow: ['завтра'], after: ['післязавтра'], span: /(?:через )?(\d{1,3}) ?(хв\p{L}*|год\p{L}*|дн\p{L}*|день|тиж\p{L}*)/u },
  ja: { today: ['今日', '本日'], tomorrow: ['明日', 'あした'], after: ['明後日', 'あさって'], span: /(\d{1,3}) ?(分|時間|日|週間)後/ },
};

const spans: [RegExp, number][] = [
  [/^(min|dak|dk|хв|分)/, minute], [/^(h|saat|год|時間)/, 60 * minute], [/^(d|gun|дн|день|日)/, 24 * 60 * minute], [/^(w|hafta|тиж|週間)/, 7 * 24 * 60 * minute],
];

/** The moment that somebody typed in their language, such as “tomorrow 14:30”, “3 gün sonra” or “пт 10:00”; undefined when it cannot be told. */
export function parseWhen(text: string, now: Date, locale = intlLocale()): Date | undefined {
  const typed = fold(text.trim()).replace(/\s+/g, ' ');
  if (!typed) return undefined;
  const language = words[locale.split('-')[0]!] ?? words.en!;
  const span = language.span.exec(typed) ?? words.en!.span.exec(typed);
  if (span) {
    const unit = spans.find(([name]) => name.test(span[2]!))?.[1];
    return unit ? new Date(now.getTime() + Number(span[1]) * unit) : undefined;
  }
  const time = timeIn(typed);
  const day = dayIn(time ? typed.replace(time.found, ' ').trim() : typed, now, locale, language);
  if (!day && !time) return undefined;
  const at = day ?? new Date(now.getFullYear(), now.getMonth(), now.getDate());
  at.setHours(time?.hour ?? morning, time?.minute ?? 0, 0, 0);
  if (!day && at <= now) at.setDate(at.getDate() + 1);
  return at;
}

function timeIn(typed: string): { hour: number; minute: number; found: string } | undefined {
  const match = /(\d{1,2})[:.](\d{2})(?![.\d])(?: ?(am|pm))?/.exec(typed) ?? /(\d{1,2})()(?: ?(am|pm))\b/.exec(typed)
    ?? /(\d{1,2})時(?:(\d{1,2})分)?()/.exec(typed) ?? /(?<= )(\d{1,2})()()$/.exec(typed);
  if (!match) return undefined;
  let hour = Number(match[1]);
  if (match[3] === 'pm' && hour < 12) hour += 12;
  if (match[3] === 'am' && hour === 12) hour = 0;
  const minutes = Number(match[2] || 0);
  return hour < 24 && minutes < 60 ? { hour, minute: minutes, found: match[0] } : undefined;
}

function dayIn(typed: string, now: Date, locale: string, language: (typeof words)[string]): Date | undefined {
  const ahead = (days: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days);
  const has = (list: readonly string[]) => list.some((word) => typed.includes(word));
  if (has(language.after)) return ahead(2);
  if (has(language.tomorrow) || has(words.en!.tomorrow)) return ahead(1);
  if (has(language.today) || has(words.en!.today)) return ahead(0);
  for (let days = 1; days <= 7; days++) {
    if (named(typed, ahead(days), locale, 'weekday')) return ahead(days);
  }
  return dateIn(typed, now, locale);
}

function named(typed: string, day: Date, locale: string, part: 'weekday' | 'month'): boolean {
  const parts = typed.split(/[\s,.]+/);
  return (['long', 'short'] as const).some((style) => {
    const name = fold(new Intl.DateTimeFormat(locale, part === 'month' ? { month: style, day: 'numeric' } : { weekday: style })
      .formatToParts(day).find((one) => one.type === part)!.value).replace(/\.$/, '');
    // 日 alone is Sunday; inside a date it is a day.
    return style === 'long' && /[぀-ヿ一-鿿]/.test(name) ? typed.includes(name) : parts.includes(name);
  });
}

function dateIn(typed: string, now: Date, locale: string): Date | undefined {
  const iso = /(\d{4})-(\d{1,2})-(\d{1,2})/.exec(typed);
  if (iso) return valid(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const japanese = /(\d{1,2})月(\d{1,2})日/.exec(typed) ?? (locale.startsWith('ja') ? /(\d{1,2})\/(\d{1,2})/.exec(typed) : null);
  if (japanese) return coming(now, Number(japanese[1]), Number(japanese[2]));
  const points = /(\d{1,2})[./](\d{1,2})(?:[./](\d{4}))?/.exec(typed);
  if (points) return points[3] ? valid(Number(points[3]), Number(points[2]), Number(points[1])) : coming(now, Number(points[2]), Number(points[1]));
  const day = /(?<!\d)(\d{1,2})(?!\d)/.exec(typed);
  if (!day) return undefined;
  for (let month = 1; month <= 12; month++) {
    if (named(typed, new Date(now.getFullYear(), month - 1, 1), locale, 'month')) return coming(now, month, Number(day[1]));
  }
  return undefined;
}

function valid(year: number, month: number, day: number): Date | undefined {
  const at = new Date(year, month - 1, day);
  return at.getMonth() === month - 1 && at.getDate() === day ? at : undefined;
}

// This year's, or next year's when it has passed.
function coming(now: Date, month: number, day: number): Date | undefined {
  const at = valid(now.getFullYear(), month, day);
  const today = new Date(now.getFullYear(), now.getMonth(), now.getDate());
  return at && at < today ? valid(now.getFullYear() + 1, month, day) : at;
}
