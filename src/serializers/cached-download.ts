/**
 * Downloads files once: they are cached, resumed after interruptions, and checked. The code that downloads is loaded on
 * demand.
 */

import { checkOptions } from '../options.js';
import { type DownloadOptions, TRANSFER_OPTIONS } from './download.js';

let root: string | null = null;

/** The directory of the environment's cache. */
function defaultRoot(): string {
  const env = globalThis.process?.env ?? {};
  const caches = env.XDG_CACHE_HOME ?? env.LOCALAPPDATA ?? `${env.HOME ?? env.USERPROFILE ?? '.'}/.cache`;
  return env.RENSA_DATASET_ROOT ?? `${caches}/rensa`;
}

/**
 * The directory for downloads: the one passed to {@link setDatasetRoot}, else the environment's `RENSA_DATASET_ROOT`,
 * else `rensa` in the user's cache directory. Follows chainer.dataset.get_dataset_root.
 */
export function getDatasetRoot(): string {
  return root ?? defaultRoot();
}

/** Sets the directory for downloads; null restores the default. Follows chainer.dataset.set_dataset_root. */
export function setDatasetRoot(path: string | null): void {
  root = path;
}

/**
 * The bytes of a file on the network, from the cache, or downloaded into it. An interrupted download is resumed.
 * Follows chainer.dataset.cached_download.
 *
 * - Checksums and `maxBytes` hold for the result, also if it comes from the cache.
 * - Calls for the same URL with the same checks share one download, each with its own `signal` and `onProgress`. The
 *   download ends when its last caller leaves. Processes that share a cache directory wait for each other.
 * - A download is resumed if the server proves, by ETag or Last-Modified, that the file is the same; otherwise it
 *   starts again.
 * - A name and password in the URL are sent as `Authorization`, to that server only. They appear in no message and no
 *   file name.
 *
 * @throws ValueError for a URL that is not http:, https:, blob: or data:, and for options out of range; FileError if
 *   the file does not exist, cannot be reached or cannot be stored; FormatError if a checksum is wrong; the reason of
 *   `signal`; errors of `onProgress`.
 */
export async function cachedDownload(url: string | URL, options: DownloadOptions = {}): Promise<Uint8Array> {
  checkOptions('cachedDownload', options, { cacheDirectory: null, ...TRANSFER_OPTIONS });
  const { downloadToCache } = await import('./download/cached.js');
  return downloadToCache(url, { cacheDirectory: getDatasetRoot(), ...options });
}
