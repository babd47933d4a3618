/** Files from the network, fetched once: kept, resumed where they broke off, and checked. What does it is loaded on demand. */

import { checkOptions } from '../options.js';

/** How far a download is. */
export interface DownloadProgress {
  /** What is downloaded, without the name and password that the URL may have. */
  readonly url: string;
  /** Bytes so far, those of an earlier attempt included. */
  readonly received: number;
  /** Bytes in all; null where the server does not say. */
  readonly total: number | null;
}

/** What all that reads from the network takes. */
export interface TransferOptions {
  /** The MD5 sum that the bytes must have, in hexadecimal. Default null: it is not checked. MD5 tells damage, not malice. */
  md5?: string | null;
  /** The SHA-256 sum that the bytes must have, in hexadecimal. Default null: it is not checked. Also of files and of what was kept. */
  sha256?: string | null;
  /** The most bytes that are taken. More is a FileError with the code 'EFBIG'. Default 2 GiB. */
  maxBytes?: number;
  /** How long a server may take to answer a request, connecting included, in milliseconds; 'ETIMEDOUT' after that. Default 30,000. */
  timeout?: number;
  /** How long nothing may arrive in the middle of an answer, in milliseconds; 'ETIMEDOUT' after that. Default 60,000. */
  idleTimeout?: number;
  /**
   * How often a request is repeated in all, after broken connections, time-outs and the answers 408, 425, 429 and 5xx (but 501 and 505).
   * What has arrived is not fetched again where the server can go on. Default 5.
   */
  retries?: number;
  /**
   * How long to wait before the first repetition, in milliseconds; each later wait is twice as long, up to 30 s, and a random part of up to a
   * half is left out. A server's `Retry-After` makes it longer; one beyond 60 s ends the download. Default 500.
   */
  retryDelay?: number;
  /** Called while bytes arrive. What it throws ends the download, and is what the caller gets. */
  onProgress?: ((progress: DownloadProgress) => void) | null;
  /** Ends the download with the signal's reason. In a cache directory, what has arrived stays, and is resumed. */
  signal?: AbortSignal | null;
}

/** The names of {@link TransferOptions}. */
export const TRANSFER_OPTIONS: Readonly<Record<keyof TransferOptions, unknown>> = {
  md5: null,
  sha256: null,
  maxBytes: null,
  timeout: null,
  idleTimeout: null,
  retries: null,
  retryDelay: null,
  onProgress: null,
  signal: null,
};

/** What all that reads several files takes: {@link TransferOptions} without sums, which one file has. */
export interface SeveralTransfersOptions extends Omit<TransferOptions, 'md5' | 'sha256'> {}

const { md5: _md5, sha256: _sha256, ...SEVERAL } = TRANSFER_OPTIONS;

/** The names of {@link SeveralTransfersOptions}. */
export const SEVERAL_TRANSFERS_OPTIONS: Readonly<Record<keyof SeveralTransfersOptions, unknown>> = SEVERAL;

/** Options of {@link cachedDownload}. */
export interface DownloadOptions extends TransferOptions {
  /** Where files stay. Default: {@link getDatasetRoot}. Browsers have a cache of their own instead. */
  cacheDirectory?: string;
}

let root: string | null = null;

/** The directory of the environment's cache. */
function defaultRoot(): string {
  const env = globalThis.process?.env ?? {};
  const caches = env.XDG_CACHE_HOME ?? env.LOCALAPPDATA ?? `${env.HOME ?? env.USERPROFILE ?? '.'}/.cache`;
  return env.RENSA_DATASET_ROOT ?? `${caches}/rensa`;
}

/**
 * The directory in which downloads stay: what {@link setDatasetRoot} set, the environment's `RENSA_DATASET_ROOT`, or `rensa` in
 * the user's cache directory. Follows chainer.dataset.get_dataset_root.
 */
export function getDatasetRoot(): string {
  return root ?? defaultRoot();
}

/** Sets the directory in which downloads stay; null: the default one. Follows chainer.dataset.set_dataset_root. */
export function setDatasetRoot(path: string | null): void {
  root = path;
}

/** The options of a reader: those of its transfer, and the rest. */
export function splitTransferOptions<T extends TransferOptions>(options: T) {
  const { md5, sha256, maxBytes, timeout, idleTimeout, retries, retryDelay, onProgress, signal, ...rest } = options;
  const transfer = { md5, sha256, maxBytes, timeout, idleTimeout, retries, retryDelay, onProgress, signal };
  return { transfer, rest };
}

/** The options of a transfer among those of a reader or a dataset. */
export function transferOptionsOf(options: TransferOptions): TransferOptions {
  return splitTransferOptions(options).transfer;
}

/** The options of a download among those of a dataset. */
export function downloadOptionsOf(options: DownloadOptions): DownloadOptions {
  const { cacheDirectory } = options;
  return { ...transferOptionsOf(options), ...(cacheDirectory !== undefined && { cacheDirectory }) };
}

/**
 * The bytes of a file on the network: from the cache, or downloaded into it, with an interrupted download resumed. Follows
 * chainer.dataset.cached_download.
 *
 * - Sums and `maxBytes` hold for what is returned, also if it comes from the cache.
 * - Calls for the same URL with the same checks share one download, each with its own `signal` and `onProgress`. The download ends when
 *   its last caller leaves. Processes that share a cache directory wait for each other.
 * - A download goes on where it broke off if the server proves, by ETag or Last-Modified, that the file is the same; otherwise it starts
 *   again.
 * - A name and password in the URL are sent as `Authorization`, to that server only, and appear in no message and no file.
 *
 * @throws ValueError for what is no http:, https:, blob: or data: URL and for options out of range; FileError if there is no such file, no
 *   way to it or no place to keep it; FormatError if the file is not the one it should be; the reason of `signal`; what `onProgress` throws.
 */
export async function cachedDownload(url: string | URL, options: DownloadOptions = {}): Promise<Uint8Array> {
  checkOptions('cachedDownload', options, { cacheDirectory: null, ...TRANSFER_OPTIONS });
  const { downloadToCache } = await import('./download/cached.js');
  return downloadToCache(url, { cacheDirectory: getDatasetRoot(), ...options });
}
