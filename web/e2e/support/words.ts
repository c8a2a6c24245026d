import { readFileSync } from 'node:fs';
import { Formatter, type Values } from '../../src/lib/i18n/format';

const catalog = (locale: string) => JSON.parse(readFileSync(new URL(`../../locales/${locale}.json`, import.meta.url), 'utf8')) as Record<string, string>;

const english = catalog('en');
const formatter = new Formatter('en');

/** What the console says in English under this key. A journey then outlives a change of wording. */
export function say(key: string, values?: Values): string {
  const message = english[key];
  if (message === undefined) throw new Error(`There is no message ${key}.`);
  return formatter.text(message, values);
}

/** The words under this key in whatever stands for its arguments. */
export function saying(key: string): RegExp {
  const hole = '\u0000';
  const message = english[key] ?? '';
  const names = [...message.matchAll(/\{(\w+)/g)].map(([, name]) => [name!, hole]);
  const literal = say(key, Object.fromEntries(names) as Values).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^\\s*${literal.replaceAll(hole, ".+")}\\s*$`);
}
