/**
 * What must survive a closed tab before the server has it: drafts and replies on their way. Kept in IndexedDB on this
 * device only, for the one agent who wrote it, and forgotten when they sign out.
 */
let owner = '';
const memory = new Map<string, unknown>();
let opening: Promise<IDBDatabase | undefined> | undefined;

function database(): Promise<IDBDatabase | undefined> {
  opening ??= new Promise((resolve) => {
    try {
      const request = indexedDB.open('deskbell', 1);
      request.onupgradeneeded = () => request.result.createObjectStore('kept');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => resolve(undefined);
    } catch {
      // Private windows may refuse; memory then has to do until the tab closes.
      resolve(undefined);
    }
  });
  return opening;
}

async function run<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T | undefined> {
  const db = await database();
  if (!db) return undefined;
  return new Promise((resolve) => {
    try {
      const request = work(db.transaction('kept', mode).objectStore('kept'));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => resolve(undefined);
    } catch {
      resolve(undefined);
    }
  });
}

/** Says whose these are. False when this page has served somebody else: it must be loaded anew. */
export function keepFor(agent: number): boolean {
  const next = `${agent}/`;
  if (owner !== '' && owner !== next) return false;
  owner = next;
  return true;
}

export async function keepLocally(name: string, value: unknown): Promise<void> {
  const key = owner + name;
  memory.set(key, value);
  await run('readwrite', (store) => store.put(value, key));
}

export async function readLocally<T>(name: string): Promise<T | undefined> {
  const key = owner + name;
  if (memory.has(key)) return memory.get(key) as T;
  return run('readonly', (store) => store.get(key) as IDBRequest<T>);
}

export async function dropLocally(name: string): Promise<void> {
  const key = owner + name;
  memory.delete(key);
  await run('readwrite', (store) => store.delete(key));
}

/** Everything whose key begins so, in the order of the keys. */
export async function readAllLocally<T>(name: string): Promise<T[]> {
  const prefix = owner + name;
  const range = typeof IDBKeyRange === 'undefined' ? undefined : IDBKeyRange.bound(prefix, `${prefix}\uffff`);
  const stored = range && (await run('readonly', (store) => store.getAll(range) as IDBRequest<T[]>));
  return stored ?? [...memory].filter(([key]) => key.startsWith(prefix)).map(([, value]) => value as T);
}

/** Nothing of the person who signed out stays on the device. */
export async function forgetLocally(): Promise<void> {
  memory.clear();
  const mine = typeof IDBKeyRange === 'undefined' ? undefined : IDBKeyRange.bound(owner, `${owner}\uffff`);
  await run('readwrite', (store) => (mine ? store.delete(mine) : store.clear()));
}
