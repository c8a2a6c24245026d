import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { Formatter, type Values } from '../../src/lib/i18n/format.ts';
import type { Person } from './browser.ts';
import type { Desk } from './desk.ts';
import { postMail } from './mail.ts';

type Catalog = Record<string, string>;
const read = (name: string) => JSON.parse(readFileSync(new URL(`../../locales/${name}.json`, import.meta.url), 'utf8')) as Catalog;

/** Something that goes wrong and is then told on the page. */
export interface Fault {
  name: string;
  path: string;
  /** Nobody is signed in. */
  open?: boolean;
  /** Brings the fault about; say gives the words of the page's language. */
  provoke?: (page: Page, say: (key: string, values?: Values) => string) => Promise<void>;
  /** The sentence of the server that must be there, as its English format. */
  told: string;
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** What a shop is likely to see go wrong. The desk was filled as for the pictures. */
export const faults: Fault[] = [
  {
    name: 'sign-in', path: '/sign-in', open: true, told: 'The e-mail address or the password is wrong.',
    provoke: async (page, say) => {
      await page.getByLabel(say('session.email')).fill(`${crypto.randomUUID()}@lindenandloom.example`);
      await page.getByLabel(say('session.password'), { exact: true }).fill('not this one');
      await button(page, say('session.sign_in')).click();
    },
  },
  { name: 'invitation', path: '/invitation?token=old', open: true, told: 'This link was used already or is too old. Ask for a new one.' },
  {
    name: 'reset', path: '/reset-password?token=old', open: true, told: 'This link was used already or is too old. Ask for a new one.',
    provoke: async (page, say) => {
      await page.getByLabel(say('session.new_password'), { exact: true }).fill('eleven quiet grey herons');
      await button(page, say('session.reset_go')).click();
    },
  },
  {
    name: 'connection', path: '/settings/inboxes/2', told: '%s refused the connection. Check the port, or whether the server runs.',
    provoke: (page, say) => page.getByRole('region', { name: say('inboxes.test_title') }).getByRole('button', { name: say('inboxes.test'), exact: true }).click(),
  },
  {
    name: 'address', path: '/settings/inboxes/1', told: 'The address %s belongs to another inbox.',
    provoke: async (page, say) => {
      await page.getByLabel(say('session.email')).fill('trade@lindenandloom.example');
      await button(page, say('ui.save')).click();
    },
  },
  {
    name: 'tag', path: '/settings/tags', told: 'There is a tag of this name already.',
    provoke: async (page, say) => {
      await button(page, say('tags.new')).click();
      await page.getByLabel(say('tags.name'), { exact: true }).fill('damaged');
      await button(page, say('tags.create')).click();
    },
  },
  {
    name: 'team', path: '/settings/teams', told: 'There is a team with this name already.',
    provoke: async (page, say) => {
      await button(page, say('teams.new')).click();
      await page.getByLabel(say('teams.name'), { exact: true }).fill('Orders');
      await button(page, say('teams.create')).click();
    },
  },
  {
    name: 'invite', path: '/settings/people?invite=true', told: 'Somebody with this address is an agent already.',
    provoke: async (page, say) => {
      await page.getByRole('dialog').getByLabel(say('session.email')).fill('marek@lindenandloom.example');
      await button(page, say('people.make_link')).click();
    },
  },
  {
    name: 'password', path: '/settings/me', told: 'The current password is wrong.',
    provoke: async (page, say) => {
      await page.getByLabel(say('profile.current_password')).fill('not this one');
      await page.getByLabel(say('session.new_password'), { exact: true }).fill('eleven quiet grey herons');
      await button(page, say('profile.password_change')).click();
    },
  },
  { name: 'failed', path: '/conversations/1', told: 'This inbox has no server for outgoing mail. Enter one in its settings and try again.' },
  { name: 'waiting', path: '/conversations/2', told: '%s refused the connection. Check the port, or whether the server runs.' },
  { name: 'health', path: '/settings/inboxes', told: '%s refused the connection. Check the port, or whether the server runs.' },
  { name: 'jobs', path: '/settings/jobs?state=waiting', told: '%s refused the connection. Check the port, or whether the server runs.' },
];

/** The words under a key in a language. */
export function wordsIn(locale: string): (key: string, values?: Values) => string {
  const catalog = read(locale);
  const formatter = new Formatter(locale);
  return (key, values) => formatter.text(catalog[key]!, values);
}

/** A sentence of the server in a language, as an expression that takes any arguments. */
export function toldIn(locale: string, format: string): RegExp {
  const parts = read(`server/${locale}`)[format]!.split(/\{\d+\}/);
  return new RegExp(parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.+'));
}

/** English sentences on a page of another language: those of the server, and those of the console that differ there. */
export async function englishOn(page: Page, locale: string): Promise<string[]> {
  const shown = await page.evaluate(() => document.body.innerText);
  const here = read(locale);
  const console = Object.entries(read('en')).filter(([key, words]) => words !== here[key]).map(([, words]) => words);
  const all = [...Object.keys(read(`server/${locale}`)), ...console];
  const telling = all.map((words) => words.split(/%[sdqv]|[{}]/).sort((a, b) => b.length - a.length)[0]!.trim());
  return telling.filter((words) => / .* /.test(words) && words.length > 11 && shown.includes(words));
}

/** Two replies that cannot be sent: one inbox has no server, that of the other is away. */
export async function failToSend(desk: Desk, person: Person): Promise<void> {
  for (const to of ['support@lindenandloom.example', 'trade@lindenandloom.example']) {
    await postMail(desk.program.smtpPort, { from: 'Jane Doe <jane@customer.example>', to, subject: 'いす', text: '椅子。' });
  }
  for (const id of [1, 2]) {
    await desk.until(person, `/conversations/${id}`, () => true);
    await desk.api(person, 'POST', `/conversations/${id}/replies`, { text: 'はい。', undo_seconds: 0 });
    await desk.until<{ items: { delivery: { error: string } | null }[] }>(person, `/conversations/${id}/messages`, ({ items }) => items.some((one) => one.delivery?.error));
  }
}
