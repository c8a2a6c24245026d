import { createStore } from '@/lib/store';

export interface Frame {
  id?: string;
  type: string;
  data: Record<string, unknown>;
}

export type PresenceState = 'viewing' | 'typing' | 'background' | 'left';

export interface RealtimeStatus {
  /** The socket is open. */
  live: boolean;
  /** It has been away for longer than the five seconds that are nobody's business. */
  stale: boolean;
}

const quiet = 5_000;
const heartbeat = 10_000;
const firstWait = 500;
const longestWait = 30_000;

type Listener = (frame: Frame) => void;

/**
 * The one socket of the page. It comes back by itself, asks for everything since the last frame it saw,
 * and says “reset” when the server no longer has that; then every query is asked anew.
 */
// The server closes with this code when the session or what it may do has ended.
const signedOut = 4401;

export class Realtime {
  readonly status = createStore<RealtimeStatus>({ live: false, stale: false });
  private socket?: WebSocket;
  private cursor = '';
  private failures = 0;
  private wanted = false;
  private retryTimer?: ReturnType<typeof setTimeout>;
  private staleTimer?: ReturnType<typeof setTimeout>;
  private beatTimer?: ReturnType<typeof setInterval>;
  private readonly listeners = new Map<string, Set<Listener>>();
  private presence?: { conversation_id: number; state: PresenceState };
  private watched: number[] = [];

  constructor(
    private readonly open: (url: string) => WebSocket = (url) => new WebSocket(url),
    private readonly random: () => number = Math.random,
  ) {}

  start(): void {
    if (this.wanted) return;
    this.wanted = true;
    window.addEventListener('online', this.retryNow);
    this.beatTimer = setInterval(() => this.sendPresence(), heartbeat);
    this.connect();
  }

  stop(): void {
    this.wanted = false;
    window.removeEventListener('online', this.retryNow);
    clearInterval(this.beatTimer);
    clearTimeout(this.retryTimer);
    clearTimeout(this.staleTimer);
    this.socket?.close();
    this.socket = undefined;
    this.cursor = '';
    this.status.set({ live: false, stale: false });
  }

  /** Listens to frames of one type, or to all with “*”. Answers how to stop. */
  on(type: string, listener: Listener): () => void {
    let set = this.listeners.get(type);
    if (!set) this.listeners.set(type, (set = new Set()));
    set.add(listener);
    return () => set.delete(listener);
  }

  /** Says what I do in a conversation; repeated until I leave it. */
  setPresence(conversationId: number, state: PresenceState): void {
    this.presence = { conversation_id: conversationId, state };
    this.sendPresence();
    if (state === 'left') this.presence = undefined;
  }

  /** Asks for the presence of colleagues in these conversations: the rows on screen. */
  watch(conversationIds: number[]): void {
    this.watched = conversationIds;
    this.send({ type: 'watch', data: { conversation_ids: conversationIds } });
  }

  private connect() {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    const after = this.cursor ? `?after=${encodeURIComponent(this.cursor)}` : '';
    const socket = this.open(`${scheme}://${location.host}/api/v1/realtime${after}`);
    this.socket = socket;
    this.staleTimer ??= setTimeout(() => this.status.set({ live: false, stale: true }), quiet);
    socket.addEventListener('open', () => this.opened());
    socket.addEventListener('message', (event) => this.received(String(event.data)));
    socket.addEventListener('close', ({ code }) => this.closed(socket, code));
  }

  private opened() {
    this.failures = 0;
    clearTimeout(this.staleTimer);
    this.staleTimer = undefined;
    this.status.set({ live: true, stale: false });
    if (this.watched.length) this.watch(this.watched);
    this.sendPresence();
  }

  private received(text: string) {
    let frame: Frame;
    try {
      frame = JSON.parse(text) as Frame;
    } catch {
      return;
    }
    if (frame.type === 'hello') this.cursor ||= String(frame.data?.cursor ?? '');
    if (frame.type === 'reset') this.cursor = String(frame.data?.cursor ?? '');
    if (frame.id) this.cursor = frame.id;
    for (const type of [frame.type, '*']) {
      for (const listener of [...(this.listeners.get(type) ?? [])]) listener(frame);
    }
  }

  private closed(socket: WebSocket, code?: number) {
    if (socket !== this.socket) return;
    this.socket = undefined;
    if (!this.wanted) return;
    if (code === signedOut) this.received(JSON.stringify({ type: 'signed_out' }));
    this.status.set((now) => ({ ...now, live: false }));
    this.staleTimer ??= setTimeout(() => this.status.set({ live: false, stale: true }), quiet);
    // Twice as long after each failure, and scattered so that a restart is not met by everybody at once.
    const wait = Math.min(longestWait, firstWait * 2 ** this.failures) * (0.5 + this.random() / 2);
    this.failures++;
    this.retryTimer = setTimeout(() => this.connect(), wait);
  }

  private readonly retryNow = () => {
    if (this.socket) return;
    clearTimeout(this.retryTimer);
    this.failures = 0;
    this.connect();
  };

  private sendPresence() {
    if (this.presence) this.send({ type: 'presence', data: { ...this.presence } });
  }

  private send(frame: Frame) {
    if (this.socket?.readyState === 1) this.socket.send(JSON.stringify(frame));
  }
}

export const realtime = new Realtime();
