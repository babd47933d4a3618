/** What a browser keeps for a site, where it lets it; otherwise nothing is kept. */
import { MemoryFile } from './memory-file.js';
import type { PartialFile, Store } from './store.js';

/** Caches are keyed by addresses. */
const keyOf = (name: string): string => `https://rensa.invalid/${encodeURIComponent(name)}`;

/** Does something with the cache; null where there is none, or where it refuses, as when the disk is full. */
async function withCache<T>(act: (cache: Cache) => Promise<T>): Promise<T | null> {
  try {
    return typeof caches === 'undefined' ? null : await act(await caches.open('rensa'));
  } catch {
    return null; // pages of an opaque origin have no storage, and others only so much
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
    // The signal ends only the wait; what the lock is held for listens to it by itself.
    return locks.request(`rensa ${name}`, signal ? { signal } : {}, () => work(true));
  }
}
