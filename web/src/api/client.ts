import { intlLocale } from '@/lib/i18n';
import { createStore } from '@/lib/store';
import { ApiProblem, secondStepMissing } from './problem';

const base = '/api/v1';

type Query = Record<string, string | number | boolean | null | undefined>;

export interface RequestOptions {
  query?: Query;
  /** Sent as JSON; a FormData or Blob goes as it is. */
  body?: unknown;
  /** The same key on a retry makes the server do the work once. */
  idempotencyKey?: string;
  signal?: AbortSignal;
  /** Lets the request outlive the page, for what is saved while it closes. */
  keepalive?: boolean;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Why the server cannot work just now, in its own words; undefined while it can. */
export const trouble = createStore<string | undefined>(undefined);

/** Since when what is shown may have changed: the server is out of reach and this device answers. Undefined while it is not. */
export const keptSince = createStore<string | undefined>(undefined);

const signedOutListeners = new Set<() => void>();

/** Calls back when the server says that the session is over. */
export function onSignedOut(listener: () => void): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

const lockedListeners = new Set<() => void>();

/** Calls back when the server asks for a second step before anything else. */
export function onLocked(listener: () => void): () => void {
  lockedListeners.add(listener);
  return () => lockedListeners.delete(listener);
}

/** A new key for a write that may be tried more than once. */
export function newIdempotencyKey(): string {
  // randomUUID exists on https and localhost only; getRandomValues everywhere.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function address(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return base + path + (text ? `?${text}` : '');
}

async function send<T>(method: Method, path: string, options: RequestOptions = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': intlLocale() };
  let body: BodyInit | undefined;
  if (options.body instanceof FormData || options.body instanceof Blob) {
    body = options.body;
  } else if (options.body !== undefined) {
    headers['Content-Type'] = 'application/json';
    body = JSON.stringify(options.body);
  }
  if (options.idempotencyKey) headers['Idempotency-Key'] = options.idempotencyKey;

  let response: Response;
  try {
    response = await fetch(address(path, options.query), {
      method, headers, body, signal: options.signal, keepalive: options.keepalive, credentials: 'same-origin',
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiProblem(0);
  }
  if (!response.ok) throw await problemOf(response, path);
  if (trouble.get() !== undefined) trouble.set(undefined);
  const kept = response.headers.get('Deskbell-Kept') ?? undefined;
  keptSince.set((now) => kept && (now ?? kept));
  if (response.status === 204 || response.headers.get('Content-Length') === '0') return undefined as T;
  return (await response.json()) as T;
}

async function problemOf(response: Response, path: string): Promise<ApiProblem> {
  const isJson = response.headers.get('Content-Type')?.includes('json');
  const body = isJson ? await response.json().catch(() => ({})) : {};
  const signIn = path === '/session' || path === '/password-resets/use';
  if (response.status === 401 && !signIn) for (const listener of signedOutListeners) listener();
  const problem = new ApiProblem(response.status, body, Number(response.headers.get('Retry-After')) || 0);
  if (problem.type === secondStepMissing) for (const listener of lockedListeners) listener();
  // One of a type is the trouble of something else, such as a translation server.
  if (response.status === 503 && problem.detail && problem.type === 'about:blank') trouble.set(problem.detail);
  return problem;
}

/** The HTTP API. Paths are without /api/v1. Every refusal is thrown as an ApiProblem. */
export const api = {
  get: <T>(path: string, options?: RequestOptions) => send<T>('GET', path, options),
  post: <T>(path: string, options?: RequestOptions) => send<T>('POST', path, options),
  put: <T>(path: string, options?: RequestOptions) => send<T>('PUT', path, options),
  patch: <T>(path: string, options?: RequestOptions) => send<T>('PATCH', path, options),
  delete: <T = void>(path: string, options?: RequestOptions) => send<T>('DELETE', path, options),
};
