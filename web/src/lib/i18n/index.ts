import type en from '../../../locales/en.json';
import { Fragment, createElement, type ReactNode } from 'react';
import { createStore, useStore } from '../store';
import { recall, remember } from '../storage';
import { Formatter, type Values } from './format';
import { pseudo } from './pseudo';

export type MessageKey = keyof typeof en;
export type Catalog = Record<MessageKey, string>;

export const locales = ['en', 'ja', 'tr', 'uk'] as const;
export type Locale = (typeof locales)[number] | 'en-XA';

/** Each language in its own words, for language pickers. */
export const localeNames: Record<Locale, string> = {
  en: 'English',
  ja: '日本語',
  tr: 'Türkçe',
  uk: 'Українська',
  'en-XA': 'Ƥšéúðó',
};

const loaders: Record<string, () => Promise<{ default: Catalog }>> = {
  en: () => import('../../../locales/en.json'),
  ja: () => import('../../../locales/ja.json'),
  tr: () => import('../../../locales/tr.json'),
  uk: () => import('../../../locales/uk.json'),
};

// What the pages outside the inbox say; dev/words.ts divides the catalogs.
const settingsLoaders: typeof loaders = {
  en: () => import('../../../locales/en.json?settings'),
  ja: () => import('../../../locales/ja.json?settings'),
  tr: () => import('../../../locales/tr.json?settings'),
  uk: () => import('../../../locales/uk.json?settings'),
};
let withSettings = false;
let coming: Promise<void> | undefined; // everybody who asks for them waits for the same answer
let asked: Locale = 'en';

interface Language {
  locale: Locale;
  catalog: Catalog;
  formatter: Formatter;
}

const language = createStore<Language>({
  locale: 'en',
  catalog: {} as Catalog,
  formatter: new Formatter('en'),
});

export interface Translate {
  (key: MessageKey, values?: Values): string;
}

/** The words for a key in the current language. In components use useT, which follows a change of language. */
export const t: Translate = (key, values) => {
  const { catalog, formatter } = language.get();
  const message = catalog[key];
  return message === undefined ? key : formatter.text(message, values);
};

export function useT(): Translate {
  useStore(language);
  return t;
}

/** A sentence whose arguments are elements: <Words id="x" values={{ name: <b>Ada</b> }} />. */
export function Words({ id, values = {} }: { id: MessageKey; values?: Values<ReactNode> }): ReactNode {
  const { catalog, formatter } = useStore(language);
  const parts = formatter.parts<ReactNode>(catalog[id] ?? id, values);
  return parts.map((part, at) => createElement(Fragment, { key: at }, part));
}

export function useLocale(): Locale {
  return useStore(language, (now) => now.locale);
}

export function currentLocale(): Locale {
  return language.get().locale;
}

/** The tag for Intl: en-XA is no locale that browsers know. */
export function intlLocale(locale: Locale = currentLocale()): string {
  return locale === 'en-XA' ? 'en' : locale;
}

/** The best language for this browser, before anybody has signed in. */
export function preferredLocale(): Locale {
  const asked = new URLSearchParams(location.search).get('locale') ?? recall('locale');
  for (const tag of [asked, ...navigator.languages]) {
    const known = match(tag);
    if (known) return known;
  }
  return 'en';
}

export function match(tag: string | null | undefined): Locale | undefined {
  if (tag === 'en-XA') return 'en-XA';
  return locales.find((locale) => tag === locale || tag?.startsWith(`${locale}-`));
}

async function load(locale: Locale): Promise<Catalog> {
  const file = locale === 'en-XA' ? 'en' : locale;
  const both = withSettings;
  const parts = await Promise.all([loaders[file]!(), both ? settingsLoaders[file]!() : undefined]);
  // A page may have asked for its words while these were on their way.
  if (both !== withSettings) return load(locale);
  const catalog = { ...parts[0].default, ...parts[1]?.default };
  return locale === 'en-XA' ? pseudoCatalog(catalog) : catalog;
}

/** Loads a language and shows it. Keeps the old one and rejects when the file cannot be fetched. */
export async function setLocale(locale: Locale): Promise<void> {
  asked = locale;
  try {
    const catalog = await load(locale);
    if (asked !== locale) return;
    showCatalog(locale, catalog);
    remember('locale', locale);
  } catch (error) {
    if (asked === locale) asked = currentLocale();
    throw error;
  }
}

/** Brings the words of settings in, once; from then on they come with every language. */
export function loadSettingsWords(): Promise<void> {
  withSettings = true;
  coming ??= setLocale(asked).catch((error: unknown) => {
    withSettings = false;
    coming = undefined;
    throw error;
  });
  return coming;
}

/** What is loaded, and the words that do not come with the inbox. */
export async function withWords<T>(loaded: Promise<T>): Promise<T> {
  return (await Promise.all([loaded, loadSettingsWords()]))[0];
}

/** Shows a catalog that is already here; tests use it. */
export function showCatalog(locale: Locale, catalog: Catalog): void {
  language.set({ locale, catalog, formatter: new Formatter(intlLocale(locale)) });
  document.documentElement.lang = locale;
  document.documentElement.dir = new URLSearchParams(location.search).get('dir') === 'rtl' ? 'rtl' : 'ltr';
}

function pseudoCatalog(catalog: Catalog): Catalog {
  return Object.fromEntries(Object.entries(catalog).map(([key, text]) => [key, pseudo(text)])) as Catalog;
}
