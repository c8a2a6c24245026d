import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { dropOutgoing, held, outgoing, retry, send } from './outgoing';

interface Asked {
  key: string | null;
  path: string;
  body: { text: string };
}

const queries = new QueryClient();
let asked: Asked[];
let answers: (() => Response | Promise<never>)[];

const lost = () => Promise.reject(new TypeError('the connection broke'));
const json = (body: object, status: number) => new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });
const sent = () => json({ message: { id: 9, conversation_id: 7 }, undo_until: null }, 202);

beforeEach(() => {
  asked = [];
  answers = [];
  vi.stubGlobal('fetch', async (url: string, { headers, body, method }: { headers: Record<string, string>; body: string; method: string }) => {
    if (method !== 'POST') return json({}, 404);
    asked.push({ key: headers['Idempotency-Key'] ?? null, path: url, body: JSON.parse(body) as { text: string } });
    return (answers.shift() ?? sent)();
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  for (const one of outgoing.get()) dropOutgoing(one.key);
});

const write = (text: string) => send(queries, { conversation: 7, content: { kind: 'reply', text, html: `<p>${text}</p>`, attachments: [] }, mentions: [], lastSeen: 3 });

test('a connection lost in the middle of a send is tried again under the same key', async () => {
  answers = [lost, lost];
  await write('On its way.');
  const [waiting] = outgoing.get();
  expect(waiting).toMatchObject({ state: 'waiting', content: { text: 'On its way.' } });
  await retry(queries, waiting!.key);
  await retry(queries, waiting!.key);
  expect(asked).toHaveLength(3);
  expect(new Set(asked.map(({ key }) => key)).size, 'one key, so the server does it once').toBe(1);
  expect(outgoing.get()).toEqual([]);
});

test('what may have arrived more than a day ago is not sent again unasked', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  answers = [lost];
  await write('Perhaps there already.');
  const { key } = outgoing.get()[0]!;
  vi.setSystemTime(Date.now() + 25 * 3600 * 1000);
  await retry(queries, key);
  expect(asked).toHaveLength(1);
  expect(outgoing.get()[0]).toMatchObject({ state: 'failed', content: { text: 'Perhaps there already.' } });
  await retry(queries, key);
  expect(asked, 'a person decides').toHaveLength(2);
  expect(outgoing.get()).toEqual([]);
});

test('without a network it surely stayed here, however long that lasts', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
  answers = [lost];
  await write('Written in a tunnel.');
  vi.setSystemTime(Date.now() + 48 * 3600 * 1000);
  await retry(queries, outgoing.get()[0]!.key);
  expect(asked).toHaveLength(2);
  expect(outgoing.get()).toEqual([]);
});

test('a reply that met something newer is held and nothing of it is lost', async () => {
  const stale = { type: 'urn:deskbell:problem:stale-reply', newer: [{ id: 4 }], draft: { version: 2 } };
  answers = [() => json(stale, 409)];
  await write('Too late.');
  expect(outgoing.get()).toEqual([]);
  expect(held.get().get(7)).toMatchObject({ version: 2, newer: [{ id: 4 }], outgoing: { content: { text: 'Too late.' } } });
});
