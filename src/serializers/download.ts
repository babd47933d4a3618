/** Files from the network, fetched once: kept, resumed where they broke off, and checked. */

import { FileError, FormatError } from '../errors.js';
import { md5 } from '../formats/md5.js';
import { sha256 } from '../formats/sha256.js';
import { checkOptions } from '../options.js';
import { fileFailure, refusedByServer } from './file-failure.js';
import { openStore, type PartialFile } from './partial-file.js';

/** How far a download is. */
export interface DownloadProgress {
  /** What is downloaded. */
  readonly url: string;
  /** Bytes so far, those of an earlier attempt included. */
  readonly received: number;
  /** Bytes in all; null where the server does not say. */
  readonly total: number | null;
}

/** Options of {@link cachedDownload}. */
export interface DownloadOptions {
  /** Where files stay. Default: {@link getDatasetRoot}. Browsers have a cache of their own instead. */
  cacheDirectory?: string;
  /** The MD5 sum that the file must have, in hexadecimal. Default null: it is not checked. */
  md5?: string | null;
  /** The SHA-256 sum that the file must have, in hexadecimal. Default null: it is not checked. */
  sha256?: string | null;
  /** Called while bytes arrive. */
  onProgress?: ((progress: DownloadProgress) => void) | null;
  /** Ends the download. What has arrived stays, and is resumed. */
  signal?: AbortSignal | null;
}

/** How often a download is resumed after the connection broke, if each time something arrived. */
const ATTEMPTS = 5;

/** What a server answers that is asked for bytes beyond the end. */
const RANGE_NOT_SATISFIABLE = 416;

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

/** The name of a URL's file: readable, and different for each URL. */
function nameOf(url: string): string {
  const last = new URL(url).pathname.split('/').at(-1) || 'file';
  return `${md5(new TextEncoder().encode(url)).slice(0, 8)}-${last.replace(/[^\w.-]/g, '_')}`;
}

/** The size of the whole file, and whether the answer continues what is there. */
function readHeaders(response: Response, have: number): { continues: boolean; total: number | null } {
  const range = /^bytes (\d+)-\d*\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
  if (response.status === 206 && range && Number(range[1]) === have) {
    return { continues: true, total: range[2] === '*' ? null : Number(range[2]) };
  }
  // Compressed on its way, the length is not that of what arrives.
  const encoded = response.headers.get('content-encoding');
  const length = encoded === null ? response.headers.get('content-length') : null;
  return { continues: false, total: length === null ? null : Number(length) };
}

/** One request: adds what it brings to the file. @throws FileError if the server refuses or the bytes cannot be kept, whatever fetch throws otherwise. */
async function request(
  url: string,
  file: PartialFile,
  { onProgress, signal }: DownloadOptions,
): Promise<{ total: number | null }> {
  const [have, mark] = [await file.size(), await file.mark()];
  const resume = have > 0 && mark !== null;
  // Of a file that is compressed on its way no part can be asked for.
  const headers = { 'accept-encoding': 'identity', ...(resume && { range: `bytes=${have}-`, 'if-range': mark }) };
  const response = await fetch(url, { headers, signal });
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    if (response.status === RANGE_NOT_SATISFIABLE && resume) {
      await file.restart(null);
      return request(url, file, { onProgress, signal });
    }
    throw refusedByServer(url, response);
  }
  const { continues, total } = readHeaders(response, resume ? have : -1);
  if (!continues) await file.restart(response.headers.get('etag') ?? response.headers.get('last-modified'));
  let received = continues ? have : 0;
  for (const reader = response.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    await file.append(value);
    received += value.length;
    onProgress?.({ url, received, total });
  }
  return { total };
}

/** Requests until the file is whole; goes on after a broken connection as long as something arrives. */
async function fetchWhole(url: string, file: PartialFile, options: DownloadOptions): Promise<void> {
  for (let failures = 0; ; ) {
    const before = await file.size();
    try {
      const { total } = await request(url, file, options);
      const received = await file.size();
      if (total === null || received === total) return;
      if (received > total) throw new FormatError(`${url}: ${received} bytes of ${total} arrived`);
    } catch (error) {
      const isFinal = error instanceof FileError || error instanceof FormatError || options.signal?.aborted === true;
      if (isFinal) throw error;
      if ((await file.size()) <= before || ++failures >= ATTEMPTS) {
        throw fileFailure(url, 'the download broke off', error);
      }
    }
    if ((await file.size()) <= before) throw new FormatError(`${url}: the server sends less than it says`);
  }
}

const running = new Map<string, Promise<Uint8Array>>();

/**
 * The bytes of a file on the network: from the cache, or downloaded into it, with an interrupted download resumed. Follows
 * chainer.dataset.cached_download.
 *
 * @throws FileError if there is no such file, no way to it or no place to keep it, FormatError if the file is not the one it should be.
 */
export function cachedDownload(url: string, options: DownloadOptions = {}): Promise<Uint8Array> {
  checkOptions('cachedDownload', options, {
    cacheDirectory: null,
    md5: null,
    sha256: null,
    onProgress: null,
    signal: null,
  });
  const { cacheDirectory = getDatasetRoot() } = options;
  // Two that want one file at the same time would write over each other.
  const key = `${cacheDirectory}\n${url}`;
  const wanted = running.get(key) ?? download(url, { ...options, cacheDirectory });
  if (!running.has(key)) {
    running.set(key, wanted);
    const forget = () => void running.delete(key);
    wanted.then(forget, forget);
  }
  return wanted;
}

/** The sums that a file may be checked by. */
const SUMS = [
  { name: 'MD5', key: 'md5', sumOf: async (bytes: Uint8Array) => md5(bytes) },
  { name: 'SHA-256', key: 'sha256', sumOf: sha256 },
] as const;

/** What is wrong with a file: a sum that is not the one it should have; null if none is. */
async function findWrongSum(bytes: Uint8Array, options: DownloadOptions): Promise<string | null> {
  for (const { name, key, sumOf } of SUMS) {
    const wanted = options[key];
    const sum = wanted ? await sumOf(bytes) : null;
    if (wanted && sum !== wanted.toLowerCase()) return `its ${name} sum is ${sum}, not ${wanted}`;
  }
  return null;
}

async function download(url: string, options: DownloadOptions & { cacheDirectory: string }): Promise<Uint8Array> {
  const store = await openStore(options.cacheDirectory);
  const name = nameOf(url);
  const kept = await store.find(name);
  if (kept && (await findWrongSum(kept, options)) === null) return kept;
  if (kept) await store.forget(name);
  const file = store.begin(name);
  await fetchWhole(url, file, options);
  const bytes = await file.read();
  const wrong = await findWrongSum(bytes, options);
  if (wrong) {
    await file.restart(null);
    throw new FormatError(`${url}: not the file it should be: ${wrong}`);
  }
  await file.keep();
  return bytes;
}
