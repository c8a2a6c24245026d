/// <reference lib="webworker" />
/** An answer of the API as it was last read. */
export interface Kept {
  /** Path and query, without the origin. */
  url: string;
  /** When it was read, in ms. */
  at: number;
  size: number;
  body: string;
}

/** Whose answers are kept, and whether any are. */
export interface Facts {
  agent?: number;
  off?: boolean;
}

/** Where answers are kept. */
export interface Shelf {
  facts(): Promise<Facts>;
  setFacts(facts: Facts): Promise<void>;
  get(url: string): Promise<Kept | undefined>;
  put(kept: Kept): Promise<void>;
  drop(urls: readonly string[]): Promise<void>;
  /** What is there without its bodies, oldest first. */
  list(): Promise<Omit<Kept, 'body'>[]>;
  /** Removes all answers; the facts stay. */
  clear(): Promise<void>;
}

const done = <T>(request: IDBRequest<T>) => new Promise<T>((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error ?? new Error('the device refuses to keep anything'));
});

/** The shelf of this device, in IndexedDB. */
export class DeviceShelf implements Shelf {
  private opening?: Promise<IDBDatabase>;

  constructor(private readonly device: IDBFactory) {}

  private database(): Promise<IDBDatabase> {
    this.opening ??= new Promise((resolve, reject) => {
      const request = this.device.open('deskbell-reading', 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore('facts');
        request.result.createObjectStore('answers', { keyPath: 'url' }).createIndex('age', ['at', 'size']);
      };
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => {
        this.opening = undefined;
        reject(request.error ?? new Error('the device refuses to keep anything'));
      };
    });
    return this.opening;
  }

  private async store(name: 'facts' | 'answers', mode: IDBTransactionMode): Promise<IDBObjectStore> {
    return (await this.database()).transaction(name, mode).objectStore(name);
  }

  async facts(): Promise<Facts> {
    return (await done((await this.store('facts', 'readonly')).get('facts')) as Facts | undefined) ?? {};
  }

  async setFacts(facts: Facts): Promise<void> {
    await done((await this.store('facts', 'readwrite')).put(facts, 'facts'));
  }

  async get(url: string): Promise<Kept | undefined> {
    return done((await this.store('answers', 'readonly')).get(url)) as Promise<Kept | undefined>;
  }

  async put(kept: Kept): Promise<void> {
    await done((await this.store('answers', 'readwrite')).put(kept));
  }

  async drop(urls: readonly string[]): Promise<void> {
    if (!urls.length) return;
    const store = await this.store('answers', 'readwrite');
    await Promise.all(urls.map((url) => done(store.delete(url))));
  }

  async list(): Promise<Omit<Kept, 'body'>[]> {
    const index = (await this.store('answers', 'readonly')).index('age');
    const found: Omit<Kept, 'body'>[] = [];
    return new Promise((resolve, reject) => {
      const request = index.openKeyCursor();
      request.onerror = () => reject(request.error ?? new Error('the device cannot read what it kept'));
      request.onsuccess = () => {
        const at = request.result;
        if (!at) return resolve(found);
        const [when, size] = at.key as [number, number];
        found.push({ url: at.primaryKey as string, at: when, size });
        at.continue();
      };
    });
  }

  async clear(): Promise<void> {
    await done((await this.store('answers', 'readwrite')).clear());
  }
}
