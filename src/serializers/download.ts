/** The options of everything that downloads. See cached-download.ts, and files.ts for sources that may be URLs. */

/** The progress of a download. */
export interface DownloadProgress {
  /** The URL, without its name and password. */
  readonly url: string;
  /** Bytes so far, those of an earlier attempt included. */
  readonly received: number;
  /** Total bytes; null if the server does not say. */
  readonly total: number | null;
}

/** Options of everything that reads from the network. */
export interface TransferOptions {
  /** The expected MD5 sum, in hexadecimal. Default null: no check. MD5 detects damage, not tampering. */
  md5?: string | null;
  /** The expected SHA-256 sum, in hexadecimal. Default null: no check. It holds for files and cached bytes, too. */
  sha256?: string | null;
  /** The largest accepted size, in bytes. A larger file is a FileError with the code 'EFBIG'. Default 2 GiB. */
  maxBytes?: number;
  /** Time limit for an answer, connecting included, in milliseconds; 'ETIMEDOUT' after that. Default 30,000. */
  timeout?: number;
  /** Time limit for a pause in the middle of an answer, in milliseconds; 'ETIMEDOUT' after that. Default 60,000. */
  idleTimeout?: number;
  /**
   * The most repetitions of a request, after broken connections, time-outs and the answers 408, 425, 429 and 5xx
   * (except 501 and 505). If the server can resume, bytes that arrived are not fetched again. Default 5.
   */
  retries?: number;
  /**
   * The wait before the first repetition, in milliseconds. Each later wait is twice as long, up to 30 s, minus a random
   * part of up to a half. A server's `Retry-After` makes a wait longer; one beyond 60 s ends the download. Default 500.
   */
  retryDelay?: number;
  /** Called while bytes arrive. An error that it throws ends the download and reaches the caller. */
  onProgress?: ((progress: DownloadProgress) => void) | null;
  /**
   * Ends the download with the signal's reason. In a cache directory, the bytes that arrived stay for a later download.
   */
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

/** Options of readers of several files: {@link TransferOptions} without checksums, which belong to one file. */
export interface SeveralTransfersOptions extends Omit<TransferOptions, 'md5' | 'sha256'> {}

const { md5: _md5, sha256: _sha256, ...SEVERAL } = TRANSFER_OPTIONS;

/** The names of {@link SeveralTransfersOptions}. */
export const SEVERAL_TRANSFERS_OPTIONS: Readonly<Record<keyof SeveralTransfersOptions, unknown>> = SEVERAL;

/** Options of `cachedDownload`. */
export interface DownloadOptions extends TransferOptions {
  /** The directory of the files. Default: `getDatasetRoot()`. Browsers use their own cache instead. */
  cacheDirectory?: string;
}

/** Splits the options of a reader: those of its transfer, and the others. */
export function splitTransferOptions<T extends TransferOptions>(options: T) {
  const { md5, sha256, maxBytes, timeout, idleTimeout, retries, retryDelay, onProgress, signal, ...rest } = options;
  const transfer = { md5, sha256, maxBytes, timeout, idleTimeout, retries, retryDelay, onProgress, signal };
  return { transfer, rest };
}

/** The transfer options among those of a reader or a dataset. */
export function transferOptionsOf(options: TransferOptions): TransferOptions {
  return splitTransferOptions(options).transfer;
}

/** The download options among those of a dataset. */
export function downloadOptionsOf(options: DownloadOptions): DownloadOptions {
  const { cacheDirectory } = options;
  return { ...transferOptionsOf(options), ...(cacheDirectory !== undefined && { cacheDirectory }) };
}
