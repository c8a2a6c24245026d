import { meQuery, sessionQuery } from '@/api/directory';
import type { Me } from '@/api/types';
import { singleKeys } from '@/lib/commands';
import { keepFor } from '@/lib/localStore';
import { currentLocale, match, setLocale } from '@/lib/i18n';
import { currentHref, navigate } from '@/lib/router';
import { currentTheme, setTheme } from '@/lib/theme';
import { queryClient } from './queryClient';

/** Nobody is signed in: to set-up on a fresh install, else to sign-in and back here afterwards. */
export async function sendToDoor(): Promise<void> {
  const next = currentHref();
  const session = await queryClient.fetchQuery(sessionQuery).catch(() => undefined);
  if (session?.setup_needed) await navigate({ to: '/setup', replace: true });
  else await navigate({ to: '/sign-in', search: { next: next === '/' ? undefined : next }, replace: true });
}

/** The account's language, theme and keys win over what this browser remembered. */
export async function applySettings(me: Me): Promise<void> {
  singleKeys.set(me.single_key_shortcuts);
  if (me.theme !== currentTheme()) setTheme(me.theme);
  const asked = new URLSearchParams(location.search).has('locale');
  const locale = match(me.locale);
  if (asked || !locale || locale === currentLocale()) return;
  await setLocale(locale).catch(() => undefined);
  // What is here was said by the server in the language before.
  void queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== meQuery.queryKey[0] });
}

/** Fetches the person while the words are fetched, so that the first page waits once. */
export async function meetMe(): Promise<void> {
  const me = await queryClient.fetchQuery({ ...meQuery, retry: false }).catch(() => undefined);
  if (!me) return;
  keepFor(me.id);
  await applySettings(me);
}
