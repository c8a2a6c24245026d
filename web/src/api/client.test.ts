import { afterEach, describe, expect, test, vi } from 'vitest';
import { api, onSignedOut, trouble } from './client';
import { ApiProblem } from './problem';

afterEach(() => vi.unstubAllGlobals());

function answerWith(body: unknown, init: ResponseInit) {
  const fetch = vi.fn(() => Promise.resolve(new Response(body === null ? null : JSON.stringify(body), init)));
  vi.stubGlobal('fetch', fetch);
  return fetch;
}

describe('the API client', () => {
  test('a problem becomes an error with its fields', async () => {
    const body = { type: 'about:blank', detail: 'The name is missing.', request_id: 'r1', errors: [{ location: 'body.name', message: 'Needed.' }] };
    answerWith(body, { status: 422, headers: { 'Content-Type': 'application/problem+json' } });
    const error = await api.post('/teams', { body: {} }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ApiProblem);
    const problem = error as ApiProblem;
    expect(problem.status).toBe(422);
    expect(problem.requestId).toBe('r1');
    expect(problem.fieldError('name')).toBe('Needed.');
  });

  test('a server that cannot be reached is a problem with status 0', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed')));
    await expect(api.get('/me')).rejects.toMatchObject({ status: 0, offline: true });
  });

  test('a server that cannot work says why, until it answers again', async () => {
    answerWith({ detail: 'The database does not answer.' }, { status: 503, headers: { 'Content-Type': 'application/problem+json' } });
    await expect(api.get('/me')).rejects.toMatchObject({ passing: true });
    expect(trouble.get()).toBe('The database does not answer.');
    answerWith(null, { status: 204 });
    await api.get('/me');
    expect(trouble.get()).toBeUndefined();
  });

  test('a translation server that is away is no trouble of ours', async () => {
    answerWith({ type: 'urn:deskbell:problem:translation-away', detail: 'The translation server does not answer.' }, { status: 503, headers: { 'Content-Type': 'application/problem+json' } });
    await expect(api.post('/conversations/1/translate')).rejects.toMatchObject({ detail: 'The translation server does not answer.' });
    expect(trouble.get()).toBeUndefined();
  });

  test('empty query values are left out and the key of a repeat is sent', async () => {
    const fetch = answerWith(null, { status: 204 });
    await api.post('/x', { query: { a: 1, b: '', c: undefined }, idempotencyKey: 'k' });
    const [url, init] = fetch.mock.calls[0] as unknown as [string, RequestInit];
    expect(url).toBe('/api/v1/x?a=1');
    expect((init.headers as Record<string, string>)['Idempotency-Key']).toBe('k');
  });

  test('a lost session is told, a wrong password is not', async () => {
    const told = vi.fn();
    const stop = onSignedOut(told);
    answerWith({}, { status: 401, headers: { 'Content-Type': 'application/problem+json' } });
    await api.post('/session', { body: {} }).catch(() => undefined);
    expect(told).not.toHaveBeenCalled();
    await api.get('/counts').catch(() => undefined);
    expect(told).toHaveBeenCalledTimes(1);
    stop();
  });

  test('an answer that is no JSON is still a problem', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('<html>', { status: 502 })));
    await expect(api.get('/me')).rejects.toMatchObject({ status: 502 });
  });
});
