import { createStore, useStore } from '../store';
import { href, matchRoute } from './match';
import type { Match, Page, Path, Route, SearchOf, Target } from './types';

interface Shown {
  /** What is on screen; undefined for an address that names nothing. */
  match: Match | undefined;
  pathname: string;
}

let routes: Record<string, Route> = {};
const shown = createStore<Shown>({ match: undefined, pathname: '' });
let index = 0;
let latest = 0;
let leaveGuard: (() => boolean | Promise<boolean>) | undefined;

/** Fetches the code of a page; a second call is free. */
export function loadPage(page: Page): Promise<void> {
  return page.load().then((component) => {
    page.loaded = component;
  });
}

/** Makes a page out of import(); its module is a chunk of its own. */
export function lazyPage(load: Page['load']): Page {
  return { load };
}

// Follows redirects without showing them.
function resolve(address: string): { match: Match | undefined; address: string } {
  let match = matchRoute(routes, address);
  for (let turns = 0; match?.route.redirect && turns < 5; turns++) {
    address = href(match.route.redirect(match.params));
    match = matchRoute(routes, address);
  }
  return { match, address };
}

// The same object while it says the same: what hangs on it is not made anew with each address.
function kept(before: Match | undefined, after: Match): object {
  const same = before && href({ to: '/', search: before.search }) === href({ to: '/', search: after.search });
  return same ? before.search : after.search;
}

// The address changes at once; the screen changes when the page's code is here, and keeps the old page until then.
async function show(match: Match | undefined, pathname: string): Promise<void> {
  const turn = ++latest;
  const page = match?.route.page;
  if (page && !page.loaded) {
    try {
      await loadPage(page);
    } catch {
      // A new version of the console has replaced the file: the new page knows its name.
      location.reload();
      return;
    }
  }
  if (turn === latest) shown.set((before) => ({ match: match && { ...match, search: kept(before.match, match) }, pathname }));
}

/** Starts the router with its routes and shows the current address. Call once. */
export async function startRouter(all: Record<string, Route>): Promise<void> {
  routes = all;
  index = (history.state as { index?: number } | null)?.index ?? 0;
  window.addEventListener('popstate', (event) => void onPop(event));
  window.addEventListener('beforeunload', (event) => {
    if (leaveGuard) event.preventDefault();
  });
  const { match, address } = resolve(location.pathname + location.search);
  history.replaceState({ index }, '', address + location.hash);
  await show(match, location.pathname);
}

async function onPop(event: PopStateEvent) {
  const to = (event.state as { index?: number } | null)?.index ?? 0;
  const step = to - index;
  if (leaveGuard && step !== 0) {
    history.go(-step);
    index = to - step;
    if (!(await leaveGuard())) return;
    leaveGuard = undefined;
    history.go(step);
    return;
  }
  index = to;
  const { match } = resolve(location.pathname + location.search);
  await show(match, location.pathname);
}

/** Goes to an address of the console. */
export async function navigate(target: Target): Promise<void> {
  await go(href(target), target.replace);
}

/** Goes to an address given as text, such as the one to return to after sign-in. */
export async function go(to: string, replace = false): Promise<void> {
  const { match, address } = resolve(to);
  const samePath = address.split('?')[0] === location.pathname;
  if (leaveGuard && !samePath) {
    if (!(await leaveGuard())) return;
    leaveGuard = undefined;
  }
  if (replace || address === location.pathname + location.search) history.replaceState({ index }, '', address);
  else history.pushState({ index: ++index }, '', address);
  await show(match, location.pathname);
}

/** Changes what stands behind the question mark and stays on the page. */
export function setSearch<P extends Path>(change: Partial<SearchOf<P>>, replace = true): void {
  const { match } = shown.get();
  if (!match) return;
  void go(href({ to: match.path, params: match.params, search: { ...match.search, ...change } }), replace);
}

/** Asks before the page is left, while something on it is not saved. Answers how to stop asking. */
export function guardLeaving(ask: () => boolean | Promise<boolean>): () => void {
  leaveGuard = ask;
  return () => {
    if (leaveGuard === ask) leaveGuard = undefined;
  };
}

/** Fetches what a link will need, before it is pressed. */
export function preload(address: string): void {
  const page = resolve(address).match?.route.page;
  if (page && !page.loaded) void loadPage(page).catch(() => undefined);
}

/** What is on screen. */
export function useRoute(): Match | undefined {
  return useStore(shown, (now) => now.match);
}

export function currentHref(): string {
  return location.pathname + location.search;
}

/** Whether an address, or one below it, is on screen. */
export function useIsWithin(address: string, exact = false): boolean {
  const path = address.split('?')[0]!;
  return useStore(shown, ({ pathname }) => pathname === path || (!exact && pathname.startsWith(`${path}/`)));
}
