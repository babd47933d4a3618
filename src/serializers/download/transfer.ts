/** Transfers one file from its server into a {@link PartialFile}, with as many requests as it takes. */
import type { DownloadProgress } from '../download.js';
import { fileFailure, refusedByServer } from '../file-failure.js';
import type { Address } from './address.js';
import { tooLarge } from './checks.js';
import { type Answer, ask, brokenProtocol } from './request.js';
import { askedWait, backOff, isPassingStatus, LONGEST_ASKED, PassingFailure, sleep } from './retries.js';
import type { Settings } from './settings.js';
import type { PartialFile } from './store.js';
import { continuationOf, versionOf } from './version.js';

/** The status of a server when the range begins beyond the end. */
const RANGE_NOT_SATISFIABLE = 416;

/** The offset at which the bytes of an answer end, and the size of the file; null if the server does not say. */
interface Extent {
  readonly end: number | null;
  readonly total: number | null;
}

/** Empties the file; gives the failure after which the next request starts from the beginning. */
async function startAgain(address: Address, file: PartialFile, reason: string): Promise<PassingFailure> {
  await file.restart(null);
  const error = brokenProtocol(address, `the download cannot go on: the server's answer does not fit: ${reason}`);
  return new PassingFailure(error, { isChanged: true });
}

/** Checks an answer, and prepares the file for it. @throws if the answer cannot be used. */
async function prepare(
  { response }: Answer,
  isContinued: boolean,
  address: Address,
  file: PartialFile,
): Promise<Extent> {
  const { status, headers } = response;
  if (isContinued && status === RANGE_NOT_SATISFIABLE) throw await startAgain(address, file, 'it has no more bytes');
  if (status === 206) {
    if (!isContinued || file.version === null)
      throw brokenProtocol(address, 'the server answered 206, a part, to a request for the whole file');
    const part = continuationOf(response, file.size, file.version);
    if (typeof part === 'string') throw await startAgain(address, file, part);
    return part;
  }
  if (status === 200) {
    const version = versionOf(response);
    await file.restart(version);
    return { end: version.total, total: version.total };
  }
  const error = refusedByServer(address.shown, response);
  const wait = askedWait(headers.get('retry-after'), Date.now());
  throw isPassingStatus(status) && wait <= LONGEST_ASKED ? new PassingFailure(error, { wait }) : error;
}

/** Makes one request, and appends its bytes to the file. */
async function requestOnce(
  address: Address,
  file: PartialFile,
  settings: Settings,
  report: (progress: DownloadProgress) => void,
  signal: AbortSignal | null,
): Promise<void> {
  const { shown } = address;
  const condition = file.size > 0 ? (file.version?.condition ?? null) : null;
  const range: Record<string, string> =
    condition === null ? {} : { range: `bytes=${file.size}-`, 'if-range': condition };
  // No part can be requested of a file that the server compresses on the way.
  const answer = await ask(address, { 'accept-encoding': 'identity', ...range }, settings, signal).catch(
    async (error) => {
      // A page's preflight may forbid the conditional request, and the page is not told. Bytes in memory are cheap to
      // give up.
      if (condition !== null && error instanceof PassingFailure && file.isVolatile) await file.restart(null);
      throw error;
    },
  );
  try {
    const { end, total } = await prepare(answer, condition !== null, address, file);
    if (total !== null && total > settings.maxBytes) throw tooLarge(shown, total, settings);
    for (;;) {
      const bytes = await answer.read();
      if (bytes === null) break;
      const received = file.size + bytes.length;
      if (end !== null && received > end)
        throw brokenProtocol(address, `the server sends ${received} bytes or more, and said ${end}`);
      if (received > settings.maxBytes) {
        await file.restart(null);
        throw tooLarge(shown, received, settings);
      }
      await file.append(bytes);
      report({ url: shown, received, total });
      signal?.throwIfAborted();
    }
    if (total !== null && file.size < total) {
      const error = fileFailure(shown, 'the download broke off', `${file.size} bytes of ${total} arrived`);
      throw new PassingFailure(error);
    }
  } finally {
    answer.close();
  }
}

/**
 * Makes requests until the file is complete.
 *
 * @throws FileError if the server refuses, breaks the protocol or fails more often than `retries`; the reason of
 *   `signal`; errors of `report`, unchanged.
 */
export async function transfer(
  address: Address,
  file: PartialFile,
  settings: Settings,
  report: (progress: DownloadProgress) => void,
  signal: AbortSignal | null,
): Promise<void> {
  signal?.throwIfAborted();
  for (let repetition = 0; ; repetition++) {
    try {
      return await requestOnce(address, file, settings, report, signal);
    } catch (failure) {
      if (!(failure instanceof PassingFailure)) throw failure;
      if (repetition >= settings.retries) throw failure.error;
      const wait = failure.isChanged ? 0 : Math.max(failure.wait, backOff(repetition, settings));
      await sleep(wait, signal);
    }
  }
}
