import { describe, expect, test } from 'vitest';
import type { Facts, Kept, Shelf } from './kept';
import { keptHeader, Reading } from './reading';

class Board implements Shelf {
  kept = new Map<string, Kept>();
  said: Facts = {};
  facts = async () => this.said;
  setFacts = async (facts: Facts) => void (this.said = facts);
  get = async (url: string) => this.kept.get(url);
  put = async (one: Kept) => void this.kept.set(one.url, one);
  drop = async (urls: readonly string[]) => urls.forEach((url) => this.kept.delete(url));
  list = async () => [...this.kept.values()].map(({ url, at, size }) => ({ url, at, size })).sort((a, b) => a.at - b.at);
  clear = async () => this.kept.clear();
}

const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });
const request = (path: string, method = 'GET') => new Request(`http://desk.example/api/v1${path}`, { method });

/** A server that can be cut off, and a worker before it. */
function setUp() {
  const board = new Board();
  const server = { answers: new Map<string, () => Response | Promise<Response>>(), away: false, now: 1_000_000 };
  const reading = new Reading(board, async (asked) => {
    const { pathname, search } = new URL(asked.url);
    if (server.away) throw new TypeError('no network');
    return (await server.answers.get(`${asked.method} ${pathname.slice(7)}${search}`)?.()) ?? json({}, 404);
  }, () => server.now);
  server.answers.set('GET /me', () => json({ id: 1, name: 'Anna' }));
  server.answers.set('GET /conversations?status=open', () => json({ items: [12] }));
  server.answers.set('GET /conversations/12', () => json({ id: 12 }));
  server.answers.set('GET /conversations/12/messages?limit=40', () => json({ items: ['hello'] }));
  server.answers.set('GET /conversations/123', () => json({ id: 123 }));
  server.answers.set('POST /session', () => json({ id: 2, name: 'Ben' }));
  server.answers.set('DELETE /session', () => new Response(null, { status: 204 }));
  const ask = async (path: string, method?: string) => {
    const work: Promise<unknown>[] = [];
    const answer = await reading.answer(request(path, method), (one) => work.push(one));
    await Promise.all(work);
    return answer;
  };
  const readAll = async () => {
    for (const path of ['/me', '/conversations?status=open', '/conversations/12', '/conversations/12/messages?limit=40', '/conversations/123']) await ask(path);
  };
  return { board, server, reading, ask, readAll };
}

describe('reading without a network', () => {
  test('what was read is shown again, and says how old it is', async () => {
    const { server, ask, readAll } = setUp();
    await readAll();
    server.away = true;
    const answer = await ask('/conversations/12/messages?limit=40');
    expect(await answer.json()).toEqual({ items: ['hello'] });
    expect(answer.headers.get(keptHeader)).toBe(new Date(server.now).toISOString());
    await expect(ask('/conversations/77')).rejects.toThrow('no network');
  });

  test('a server that answers is always believed, a gateway in its place is not', async () => {
    const { server, ask, readAll } = setUp();
    await readAll();
    server.answers.set('GET /conversations/12', () => json({ id: 12, subject: 'new' }));
    expect(await (await ask('/conversations/12')).json()).toEqual({ id: 12, subject: 'new' });
    server.answers.set('GET /conversations/12', () => new Response('<h1>Bad gateway</h1>', { status: 502, headers: { 'Content-Type': 'text/html' } }));
    expect(await (await ask('/conversations/12')).json()).toEqual({ id: 12, subject: 'new' });
    server.answers.set('GET /conversations/12', () => json({ detail: 'The disk is full.' }, 503));
    expect((await ask('/conversations/12')).status).toBe(503);
  });

  test('what one agent read is never shown to the next', async () => {
    const { board, server, ask, readAll } = setUp();
    await readAll();
    await ask('/session', 'POST');
    expect(board.kept.size, 'after somebody signed in').toBe(0);
    server.away = true;
    await expect(ask('/me')).rejects.toThrow();
    await expect(ask('/conversations/12')).rejects.toThrow();
  });

  test('who I am, answered differently, clears what was kept', async () => {
    const { board, server, ask, readAll, reading } = setUp();
    await readAll();
    server.answers.set('GET /me', () => json({ id: 2 }));
    await ask('/me');
    expect([...board.kept.keys()]).toEqual(['/api/v1/me']);
    await readAll();
    await reading.belongTo(3);
    expect(board.kept.size, 'the page says so').toBe(0);
  });

  test('an answer to the one before does not arrive with the next', async () => {
    const { board, server, ask, readAll } = setUp();
    await readAll();
    let release = (_answer: Response): void => undefined;
    server.answers.set('GET /conversations/12', () => new Promise<Response>((resolve) => (release = resolve)));
    const slow = ask('/conversations/12');
    await ask('/session', 'POST');
    server.answers.set('GET /me', () => json({ id: 2 }));
    await ask('/me');
    release(json({ id: 12 }));
    await slow;
    expect([...board.kept.keys()]).toEqual(['/api/v1/me']);
  });

  test('signing out clears before the server is asked, and a lost session clears too', async () => {
    const { board, server, ask, readAll } = setUp();
    await readAll();
    server.away = true;
    await expect(ask('/session', 'DELETE')).rejects.toThrow();
    expect(board.kept.size).toBe(0);
    server.away = false;
    await readAll();
    expect(board.kept.size).toBe(5);
    server.answers.set('GET /counts', () => json({}, 401));
    await ask('/counts');
    expect(board.kept.size).toBe(0);
  });

  test('a conversation out of sight goes with its messages, its neighbour stays', async () => {
    const { board, server, ask, readAll } = setUp();
    await readAll();
    server.answers.delete('GET /conversations/12');
    await ask('/conversations/12');
    expect([...board.kept.keys()]).toEqual(['/api/v1/me', '/api/v1/conversations?status=open', '/api/v1/conversations/123']);
  });

  test('old answers are not shown, and only so many are kept', async () => {
    const { board, server, ask, readAll } = setUp();
    await readAll();
    for (let id = 1000; id < 1500; id++) {
      server.now++;
      server.answers.set(`GET /conversations/${id}`, () => json({ id }));
      await ask(`/conversations/${id}`);
    }
    expect(board.kept.size).toBeLessThanOrEqual(420);
    expect(board.kept.has('/api/v1/conversations/1499')).toBe(true);
    expect(board.kept.has('/api/v1/conversations/12')).toBe(false);
    server.now += 15 * 24 * 3600 * 1000;
    server.away = true;
    await expect(ask('/conversations/1499')).rejects.toThrow();
  });

  test('a device on which nothing is to be kept keeps nothing', async () => {
    const { board, server, ask, readAll, reading } = setUp();
    await readAll();
    await reading.keep(false);
    await readAll();
    expect(board.kept.size).toBe(0);
    await ask('/session', 'POST');
    server.answers.set('GET /me', () => json({ id: 2 }));
    await readAll();
    expect(board.kept.size, 'the choice belongs to the device').toBe(0);
    await reading.keep(true);
    await readAll();
    expect(board.kept.size).toBe(5);
  });

  test('only reading is answered here, and never a write', () => {
    const { reading } = setUp();
    expect(['/me', '/conversations?status=open', '/conversations/12/messages?limit=40', '/views/3/count', '/session/state'].map((path) => reading.takes(request(path)))).toEqual([true, true, true, true, true]);
    expect(['/conversations/12/raw', '/attachments/9', '/search?q=x', '/audit', '/conversations/12/draft'].some((path) => reading.takes(request(path)))).toBe(false);
    expect(reading.takes(request('/conversations/12/replies', 'POST'))).toBe(false);
    expect(reading.takes(request('/session', 'DELETE'))).toBe(true);
  });
});
