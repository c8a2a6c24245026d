/**
 * What must survive a closed tab before the server has it: drafts and replies on their way. Kept in IndexedDB on this
 * device only, and forgotten at sign-out.
 */
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

export async function keepLocally(key: string, value: unknown): Promise<void> {
  memory.set(key, value);
  await run('readwrite', (store) => store.put(value, key));
}

export async function readLocally<T>(key: string): Promise<T | undefined> {
  if (memory.has(key)) return memory.get(key) as T;
  return run('readonly', (store) => store.get(key) as IDBRequest<T>);
}

export async function dropLocally(key: string): Promise<void> {
  memory.delete(key);
  await run('readwrite', (store) => store.delete(key));
}

/** Everything whose key begins so, in the order of the keys. */
export async function readAllLocally<T>(prefix: string): Promise<T[]> {
  const range = typeof IDBKeyRange === 'undefined' ? undefined : IDBKeyRange.bound(prefix, `${prefix}\uffff`);
  const stored = range && (await run('readonly', (store) => store.getAll(range) as IDBRequest<T[]>));
  return stored ?? [...memory].filter(([key]) => key.startsWith(prefix)).map(([, value]) => value as T);
}

/** Nothing of the person who signed out stays on the device. */
export async function forgetLocally(): Promise<void> {
  memory.clear();
  await run('readwrite', (store) => store.clear());
}
