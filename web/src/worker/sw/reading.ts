import type { Facts, Kept, Shelf } from './kept';

const base = '/api/v1';
const day = 24 * 3600 * 1000;
/** More than this is not kept; what is oldest goes first. */
const most = { answers: 400, bytes: 20_000_000, one: 1_000_000, ms: 14 * day };
const trimEvery = 20;

/** Says of an answer that it was kept, and when it was read. */
export const keptHeader = 'Deskbell-Kept';

// What it takes to open the console, its lists and the conversations that were opened, and to answer them.
const readable = [
  /^\/(?:me|session\/state|agents|teams|tags|roles|inboxes|inboxes\/health|counts|views|custom-fields|saved-replies|macros)$/,
  /^\/views\/\d+\/count$/,
  /^\/conversations$/,
  /^\/conversations\/\d+(?:\/(?:messages|participants))?$/,
  /^\/customers\/\d+$/,
];
const doors = new Set(['/session', '/setup', '/invitations/accept', '/password-resets/use']);

const place = (url: string) => {
  const { pathname, search } = new URL(url, 'http://console');
  return { path: pathname.startsWith(base) ? pathname.slice(base.length) : '', key: pathname + search };
};
// Something before the server answers in its place.
const isAway = ({ status, headers }: Response) => status >= 502 && status <= 504 && !headers.get('Content-Type')?.includes('json');

/**
 * What an agent read is kept on the device and shown again when the server cannot be reached. It belongs to one agent:
 * whoever else signs in finds nothing, and signing out or losing the session removes it.
 */
export class Reading {
  // An answer that was asked for before everything was forgotten is not kept after it.
  private life = 0;
  private sinceTrim = 0;
  private known?: Promise<Facts>;

  constructor(
    private readonly shelf: Shelf, private readonly ask: (request: Request) => Promise<Response>, private readonly now: () => number = Date.now,
  ) {}

  takes({ method, url }: Request): boolean {
    const { path } = place(url);
    if (method === 'GET') return readable.some((one) => one.test(path));
    return (method === 'POST' && doors.has(path)) || (method === 'DELETE' && path === '/session');
  }

  /** Answers from the server, or with what was kept when it is out of reach. later holds the worker until work is done. */
  async answer(request: Request, later: (work: Promise<unknown>) => void): Promise<Response> {
    if (request.method !== 'GET') return this.door(request);
    const life = this.life;
    const { path, key } = place(request.url);
    let fresh: Response;
    try {
      fresh = await this.ask(request);
    } catch (error) {
      const kept = await this.kept(key);
      if (kept) return kept;
      throw error;
    }
    if (isAway(fresh)) return (await this.kept(key)) ?? fresh;
    // A device that refuses to keep anything must not disturb who reads.
    later(this.note(path, key, fresh.clone(), life).catch(() => undefined));
    return fresh;
  }

  /** Somebody comes in or leaves: nothing of who was here before stays. */
  private async door(request: Request): Promise<Response> {
    if (request.method === 'DELETE') await this.forget().catch(() => undefined);
    const answer = await this.ask(request);
    if (request.method === 'POST' && answer.ok) await this.forget().catch(() => undefined);
    return answer;
  }

  private async note(path: string, key: string, fresh: Response, life: number): Promise<void> {
    if (fresh.status === 401) return this.forget();
    if (fresh.status === 403 || fresh.status === 404) return this.lose(path, key);
    if (!fresh.ok) return;
    const body = await fresh.text();
    if (life !== this.life) return;
    if (path === '/me') {
      await this.belongTo((JSON.parse(body) as { id: number }).id);
      life = this.life;
    }
    const { agent, off } = await this.facts();
    if (agent === undefined || off || body.length > most.one || life !== this.life) return;
    await this.shelf.put({ url: key, at: this.now(), size: body.length, body });
    if (++this.sinceTrim >= trimEvery) await this.trim();
  }

  private async kept(key: string): Promise<Response | undefined> {
    const found = await this.shelf.get(key).catch(() => undefined);
    if (!found || this.now() - found.at > most.ms) return undefined;
    return new Response(found.body, { headers: { 'Content-Type': 'application/json', [keptHeader]: new Date(found.at).toISOString() } });
  }

  // What is out of sight now: the conversation with everything about it.
  private async lose(path: string, key: string): Promise<void> {
    const one = /^\/(?:conversations|customers)\/\d+/.exec(path)?.[0];
    const gone = (url: string) => url === key || (one && (url === base + one || url.startsWith(`${base}${one}/`) || url.startsWith(`${base}${one}?`)));
    const all = await this.shelf.list();
    await this.shelf.drop(all.map(({ url }) => url).filter(gone));
  }

  private async trim(): Promise<void> {
    this.sinceTrim = 0;
    const all = await this.shelf.list();
    let answers = all.length;
    let bytes = all.reduce((sum, { size }) => sum + size, 0);
    const old = all.filter(({ at, size }: Omit<Kept, 'body'>) => {
      const goes = answers > most.answers || bytes > most.bytes || this.now() - at > most.ms;
      if (goes) {
        answers--;
        bytes -= size;
      }
      return goes;
    });
    await this.shelf.drop(old.map(({ url }) => url));
  }

  /** From now on everything here is this agent's; what was somebody else's goes. */
  async belongTo(agent: number): Promise<void> {
    const now = await this.facts();
    if (now.agent === agent) return;
    if (now.agent !== undefined) await this.forget();
    await this.setFacts({ ...now, agent });
  }

  /** Nothing that was read stays, and nothing is kept until it is known again whose it is. */
  async forget(): Promise<void> {
    this.life++;
    const { off } = await this.facts();
    await this.shelf.clear();
    await this.setFacts({ off });
  }

  /** Whether this device keeps anything at all. */
  async keep(on: boolean): Promise<void> {
    const now = await this.facts();
    if (!on) await this.shelf.clear();
    await this.setFacts({ ...now, off: !on });
  }

  async size(): Promise<{ answers: number; bytes: number; off: boolean }> {
    const all = await this.shelf.list();
    return { answers: all.length, bytes: all.reduce((sum, { size }) => sum + size, 0), off: Boolean((await this.facts()).off) };
  }

  private facts(): Promise<Facts> {
    this.known ??= this.shelf.facts().catch((error: unknown) => {
      this.known = undefined;
      throw error;
    });
    return this.known;
  }

  private async setFacts(facts: Facts): Promise<void> {
    this.known = Promise.resolve(facts);
    await this.shelf.setFacts(facts);
  }
}
