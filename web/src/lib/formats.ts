import { intlLocale } from './i18n';

/** Sizes as people read them: 84 KB, 1.2 MB. */
export function fileSize(bytes: number, locale = intlLocale()): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit > 1 && value < 10 ? 1 : 0;
  return new Intl.NumberFormat(locale, {
    style: 'unit', unit: units[unit], unitDisplay: unit === 0 ? 'long' : 'short', maximumFractionDigits: digits,
  }).format(value);
}

/** A count beside a name: absent at zero, 999+ above. */
export function countLabel(count: number | undefined, locale = intlLocale()): string {
  if (!count) return '';
  return count > 999 ? '999+' : new Intl.NumberFormat(locale).format(count);
}

/** Up to two letters for an avatar; one for names written without spaces in Chinese or Japanese script. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const first = (word: string | undefined) => [...(word ?? '').replace(/^[^\p{L}\p{N}]+/u, '')][0] ?? '';
  const one = first(words[0]);
  if (!one) return '?';
  if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u.test(one)) return one;
  return (one + (words.length > 1 ? first(words.at(-1)) : '')).toLocaleUpperCase(intlLocale());
}

/** A number from 1 to 7, always the same for the same person. */
export function hueOf(seed: string | number): number {
  let hash = 0;
  for (const char of String(seed)) hash = (hash * 31 + char.codePointAt(0)!) >>> 0;
  return (hash % 7) + 1;
}
