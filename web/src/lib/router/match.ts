import type { Match, Route } from './types';

/** The address of a path with its parameters and search filled in. */
export function href(target: { to: string; params?: object; search?: object }): string {
  const params = (target.params ?? {}) as Record<string, string>;
  const pathname = target.to.replace(/\$(\w+)/g, (_all, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(target.search ?? {})) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `${pathname}?${text}` : pathname;
}

function paramsOf(path: string, pathname: string): Record<string, string> | undefined {
  const names = path.split('/');
  const parts = pathname.replace(/(.)\/$/, '$1').split('/');
  if (names.length !== parts.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, name] of names.entries()) {
    const part = parts[at]!;
    if (name.startsWith('$')) {
      try {
        params[name.slice(1)] = decodeURIComponent(part);
      } catch {
        return undefined;
      }
      if (!part) return undefined;
    } else if (name !== part) {
      return undefined;
    }
  }
  return params;
}

/** The route of an address; fixed words win over parameters. */
export function matchRoute(routes: Record<string, Route>, address: string): Match | undefined {
  const url = new URL(address, location.origin);
  const byFixedWords = Object.keys(routes).sort((a, b) => a.split('$').length - b.split('$').length);
  for (const path of byFixedWords) {
    const params = paramsOf(path, url.pathname);
    const route = routes[path]!;
    if (!params || route.exists?.(params) === false) continue;
    const search = route.search?.(Object.fromEntries(url.searchParams)) ?? {};
    return { path, route, params, search, pathname: url.pathname, href: url.pathname + url.search };
  }
  return undefined;
}
