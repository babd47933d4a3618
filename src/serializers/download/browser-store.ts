/** Keeps downloads in the browser's cache of the site. Where a page has no cache, nothing is kept. */
import { MemoryFile } from './memory-file.js';
import type { PartialFile, Store } from './store.js';

/** Caches use addresses as keys. */
const keyOf = (name: string): string => `https://rensa.invalid/${encodeURIComponent(name)}`;

/** Runs an action on the cache; null if there is no cache, or if it refuses, as with a full disk. */
async function withCache<T>(act: (cache: Cache) => Promise<T>): Promise<T | null> {
  try {
    return typeof caches === 'undefined' ? null : await act(await caches.open('rensa'));
  } catch {
    return null; // pages of an opaque origin have no storage, and others have a quota
  }
}

export class BrowserStore implements Store {
  async find(name: string): Promise<Uint8Array | null> {
    return withCache(async (cache) => {
      const found = await cache.match(keyOf(name));
      return found ? new Uint8Array(await found.arrayBuffer()) : null;
    });
  }

  async keep(name: string, bytes: Uint8Array): Promise<void> {
    await withCache((cache) => cache.put(keyOf(name), new Response(new Uint8Array(bytes))));
  }

  async begin(name: string): Promise<PartialFile> {
    return new MemoryFile((bytes) => this.keep(name, bytes));
  }

  async alone<T>(name: string, signal: AbortSignal | null, work: (hasWaited: boolean) => Promise<T>): Promise<T> {
    const locks = globalThis.navigator?.locks as LockManager | undefined; // pages that are not served securely have none
    if (!locks) return work(false);
    // The signal ends only the wait; the work under the lock listens to the signal itself.
    return locks.request(`rensa ${name}`, signal ? { signal } : {}, () => work(true));
  }
}
