const prefix = 'deskbell-console-';
const pageKey = '/';
const atOnce = 6;

/** The console itself: its page and the files it is made of, all of one version. */
export class Shell {
  private readonly name: string;

  constructor(version: string, private readonly files: readonly string[], private readonly caches: CacheStorage) {
    this.name = prefix + version;
  }

  isPage({ url, method }: Request): boolean {
    return method === 'GET' && !new URL(url).pathname.startsWith('/api/');
  }

  isFile({ url, method }: Request): boolean {
    return method === 'GET' && new URL(url).pathname.startsWith('/assets/');
  }

  /** Fetches page and files, or fails as a whole. What the version before had is not fetched again. */
  async fill(): Promise<void> {
    const cache = await this.caches.open(this.name);
    const waiting = [...this.files];
    const worker = async () => {
      for (let file = waiting.shift(); file; file = waiting.shift()) {
        const known = await this.caches.match(file);
        if (known) await cache.put(file, known);
        else await cache.add(file);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    await cache.add(new Request(pageKey, { cache: 'no-store', credentials: 'omit' }));
  }

  /** Removes what belongs to other versions. */
  async dropOthers(): Promise<void> {
    const names = await this.caches.keys();
    await Promise.all(names.filter((name) => name.startsWith(prefix) && name !== this.name).map((name) => this.caches.delete(name)));
  }

  /** The page from the server; the kept one only when no server can be reached. */
  async page(request: Request, preloaded: Promise<Response | undefined>): Promise<Response> {
    const kept = async () => (await this.caches.open(this.name)).match(pageKey);
    try {
      const fresh = (await preloaded) ?? (await fetch(request));
      if (fresh.status < 502 || fresh.status > 504) return fresh;
      return (await kept()) ?? fresh;
    } catch (error) {
      const page = await kept();
      if (page) return page;
      throw error;
    }
  }

  /** A file of the console. Its name says its content, so what is here never grows old. */
  async file(request: Request): Promise<Response> {
    const cache = await this.caches.open(this.name);
    const kept = await cache.match(request);
    if (kept) return kept;
    const fresh = await fetch(request);
    // Typefaces and languages are kept when they are first used.
    if (fresh.ok && fresh.type === 'basic') await cache.put(request, fresh.clone());
    return fresh;
  }
}
