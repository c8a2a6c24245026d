import type { IncomingMessage } from 'node:http';
import type { Plugin } from 'vite';
import { WebSocketServer, type WebSocket } from 'ws';
import { answer, outgoing } from './answers.ts';

/**
 * A server that remembers nothing, for looking at pages before or without the real one. The cookie “mock” picks a
 * scene: signed-out, setup, empty, error, slow. Never part of the build.
 */
export function mock(): Plugin {
  return {
    name: 'deskbell-mock',
    configureServer(server) {
      server.middlewares.use('/api/v1', async (req, res) => {
        const url = new URL(req.url ?? '/', 'http://localhost');
        const scene = /(?:^|; )mock=([\w-]+)/.exec(req.headers.cookie ?? '')?.[1] ?? '';
        if (scene === 'slow') await new Promise((done) => setTimeout(done, 4000));
        const { status, body } = answer({
          method: req.method ?? 'GET', path: url.pathname, query: url.searchParams, body: await readJson(req), scene,
        });
        const type = status >= 400 ? 'application/problem+json' : 'application/json';
        res.writeHead(status, { 'Content-Type': type });
        res.end(body === undefined ? undefined : JSON.stringify(body));
      });
      serveSocket(server.httpServer as import('node:http').Server | null);
    },
  };
}

async function readJson(req: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  try {
    for await (const chunk of req) text += String(chunk);
    return JSON.parse(text || '{}') as Record<string, unknown>;
  } catch {
    return {};
  }
}

function serveSocket(http: import('node:http').Server | null) {
  if (!http) return;
  const sockets = new WebSocketServer({ noServer: true });
  const open = new Set<WebSocket>();
  let cursor = 0;
  http.on('upgrade', (req, socket, head) => {
    if (!req.url?.startsWith('/api/v1/realtime')) return;
    sockets.handleUpgrade(req, socket, head, (ws) => {
      open.add(ws);
      ws.on('close', () => open.delete(ws));
      ws.send(JSON.stringify({ type: 'hello', data: { cursor: String(cursor) } }));
      const agents = [{ id: 2, name: 'Marek Novák', state: 'viewing' }];
      ws.send(JSON.stringify({ type: 'presence', data: { conversation_id: 1, agents } }));
    });
  });
  outgoing.push = (type, data) => {
    const frame = JSON.stringify({ id: String(++cursor), type, data });
    for (const ws of open) ws.send(frame);
  };
}
