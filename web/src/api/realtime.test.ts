import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Realtime } from './realtime';

class FakeSocket extends EventTarget {
  readyState = 0;
  sent: string[] = [];
  constructor(readonly url: string) {
    super();
  }
  send(text: string) {
    this.sent.push(text);
  }
  close() {
    this.readyState = 3;
    this.dispatchEvent(new Event('close'));
  }
  accept() {
    this.readyState = 1;
    this.dispatchEvent(new Event('open'));
  }
  tell(frame: object) {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(frame) }));
  }
}

let sockets: FakeSocket[] = [];
let realtime: Realtime;

beforeEach(() => {
  vi.useFakeTimers();
  sockets = [];
  realtime = new Realtime((url) => {
    const socket = new FakeSocket(url);
    sockets.push(socket);
    return socket as unknown as WebSocket;
  }, () => 1);
  realtime.start();
});

afterEach(() => {
  realtime.stop();
  vi.useRealTimers();
});

describe('the socket', () => {
  test('a reconnect asks for what came after the last frame', () => {
    sockets[0]!.accept();
    sockets[0]!.tell({ type: 'hello', data: { cursor: 'c1' } });
    sockets[0]!.tell({ id: 'c2', type: 'message.received', data: {} });
    sockets[0]!.close();
    vi.advanceTimersByTime(600);
    expect(sockets[1]!.url).toContain('after=c2');
  });

  test('tries grow apart and begin anew after a success', () => {
    sockets[0]!.close();
    vi.advanceTimersByTime(500);
    sockets[1]!.close();
    vi.advanceTimersByTime(900);
    expect(sockets).toHaveLength(2);
    vi.advanceTimersByTime(100);
    expect(sockets).toHaveLength(3);
    sockets[2]!.accept();
    sockets[2]!.close();
    vi.advanceTimersByTime(500);
    expect(sockets).toHaveLength(4);
  });

  test('the page is told only after five seconds away', () => {
    sockets[0]!.accept();
    sockets[0]!.close();
    vi.advanceTimersByTime(4900);
    expect(realtime.status.get().stale).toBe(false);
    vi.advanceTimersByTime(200);
    expect(realtime.status.get().stale).toBe(true);
    sockets.at(-1)!.accept();
    expect(realtime.status.get()).toEqual({ live: true, stale: false });
  });

  test('presence is repeated, and once more on leaving', () => {
    sockets[0]!.accept();
    realtime.setPresence(7, 'typing');
    vi.advanceTimersByTime(10_000);
    realtime.setPresence(7, 'left');
    vi.advanceTimersByTime(30_000);
    const states = sockets[0]!.sent.map((text) => (JSON.parse(text) as { data: { state: string } }).data.state);
    expect(states).toEqual(['typing', 'typing', 'left']);
  });

  test('a frame that is no JSON is passed over', () => {
    const seen = vi.fn();
    realtime.on('*', seen);
    sockets[0]!.dispatchEvent(new MessageEvent('message', { data: '{' }));
    sockets[0]!.tell({ type: 'reset', data: {} });
    expect(seen).toHaveBeenCalledTimes(1);
  });
});
