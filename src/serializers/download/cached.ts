/** Downloads through a cache, and downloads that are not kept. */
import type { DownloadOptions, DownloadProgress, TransferOptions } from '../download.js';
import { type Address, cacheName, parseAddress } from './address.js';
import { checkBytes, findWrongSum, notTheFile, tooLarge } from './checks.js';
import { MemoryFile } from './memory-file.js';
import { openStore } from './open-store.js';
import { type Settings, settingsOf } from './settings.js';
import { SharedDownload } from './shared.js';
import type { Store } from './store.js';
import { transfer } from './transfer.js';

/** Downloads that run now, by directory, URL and checks: calls share one only if they agree in all of these. */
const running = new Map<string, SharedDownload>();

/** See `cachedDownload` in `../download.ts`, which checks the names of the options. */
export async function downloadToCache(
  source: string | URL,
  options: DownloadOptions & { cacheDirectory: string },
): Promise<Uint8Array> {
  const { cacheDirectory, onProgress, signal } = options;
  const settings = settingsOf('cachedDownload', options);
  const address = parseAddress('cachedDownload', source);
  signal?.throwIfAborted();
  const key = JSON.stringify([cacheDirectory, address.key, settings]);
  let shared = running.get(key);
  if (!shared || shared.isLeft) {
    const started = new SharedDownload((report, stop) => obtain(address, cacheDirectory, settings, report, stop));
    running.set(key, started);
    started.ended.then(() => running.get(key) === started && running.delete(key));
    shared = started;
  }
  return shared.join({ onProgress, signal });
}

/** A cached file, if it passes the checks; null if there is none, or another one. */
async function findKept(
  store: Store,
  name: string,
  { shown }: Address,
  settings: Settings,
): Promise<Uint8Array | null> {
  const kept = await store.find(name);
  if (kept === null || (await findWrongSum(kept, settings)) !== null) return null;
  if (kept.length > settings.maxBytes) throw tooLarge(shown, kept.length, settings);
  return kept;
}

/**
 * The bytes of a URL, from the cache or downloaded into it. Only a file that passed the checks replaces one in the
 * cache.
 */
async function obtain(
  address: Address,
  directory: string,
  settings: Settings,
  report: (progress: DownloadProgress) => void,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const store = await openStore(directory);
  const name = await cacheName(address);
  const kept = await findKept(store, name, address, settings);
  if (kept) return kept;
  return store.alone(name, signal, async (hasWaited) => {
    // The previous holder of the lock may have fetched it.
    const fetched = hasWaited ? await findKept(store, name, address, settings) : null;
    if (fetched) return fetched;
    const file = await store.begin(name);
    try {
      const isResumed = file.size > 0;
      const fetchWhole = async () => {
        await transfer(address, file, settings, report, signal);
        const bytes = await file.read();
        const wrong = await findWrongSum(bytes, settings);
        if (wrong === null) await file.keep();
        else await file.restart(null);
        return { bytes, wrong };
      };
      let { bytes, wrong } = await fetchWhole();
      // Bytes that an earlier program left may be damaged; bytes that arrive now are not.
      if (wrong !== null && isResumed) ({ bytes, wrong } = await fetchWhole());
      if (wrong !== null) throw notTheFile(address.shown, wrong);
      return bytes;
    } finally {
      await file.release();
    }
  });
}

/** The bytes of a URL, not kept. */
export async function fetchBytes(op: string, source: string | URL, options: TransferOptions): Promise<Uint8Array> {
  const settings = settingsOf(op, options);
  const address = parseAddress(op, source);
  const file = new MemoryFile();
  await transfer(address, file, settings, (progress) => options.onProgress?.(progress), options.signal ?? null);
  const bytes = await file.read();
  await checkBytes(address.shown, bytes, settings);
  return bytes;
}

/** Checks the bytes of another source with the same options. @throws FileError, FormatError. */
export async function checkSource(
  op: string,
  name: string,
  bytes: Uint8Array,
  options: TransferOptions,
): Promise<void> {
  await checkBytes(name, bytes, settingsOf(op, options));
}
