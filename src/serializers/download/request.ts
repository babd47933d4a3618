/** One request to a server: redirects, time-outs, and failures in words. It knows nothing of files. */
import { FileError } from '../../errors.js';
import { fileFailure } from '../file-failure.js';
import type { Address } from './address.js';
import { isLasting, PassingFailure } from './retries.js';
import type { Settings } from './settings.js';
import { Watch } from './watch.js';

/** How many redirects are followed: as many as browsers do. */
const MOST_REDIRECTS = 20;

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

const seconds = (milliseconds: number): string => `${milliseconds / 1000} s`;

/** A server that breaks the protocol. */
export function brokenProtocol({ shown }: Address, what: string): FileError {
  return new FileError(`${shown}: ${what}`, { code: 'EPROTO', path: shown });
}

/** An answer whose body has not been read, and what watches over it. */
export interface Answer {
  readonly response: Response;
  /** The next bytes of the body; null at its end. @throws PassingFailure, or the reason of the caller's signal. */
  read(): Promise<Uint8Array | null>;
  /** Ends the request. To be called in any case. */
  close(): void;
}

/** Where a redirect leads. @throws FileError if it leads out of the web, or from a safe connection to one that is not. */
function followed(from: URL, location: string | null, address: Address): URL {
  const to = location !== null && URL.canParse(location, from) ? new URL(location, from) : null;
  const isWeb = to?.protocol === 'https:' || (to?.protocol === 'http:' && from.protocol === 'http:');
  if (to && isWeb && to.username === '' && to.password === '') return to;
  const target = to ? `${to.protocol}${to.host && '//'}${to.host}` : String(location);
  throw brokenProtocol(address, `the server redirects from ${from.protocol}//${from.host} to ${target}: refused`);
}

/**
 * The body of an answer, unpacked. `fetch` unpacks what a server packs although it was asked not to; but in Deno it then leaves it
 * packed.
 */
function unpackedBody({ body, headers }: Response, address: Address): ReadableStream<Uint8Array> | null {
  const encoding = headers.get('content-encoding')?.trim().toLowerCase() ?? '';
  if (!body || !('Deno' in globalThis) || encoding === '' || encoding === 'identity') return body;
  if (encoding !== 'gzip' && encoding !== 'deflate')
    throw brokenProtocol(address, `the server packs the file as '${encoding}' although it was asked not to`);
  return body.pipeThrough<Uint8Array>(new DecompressionStream(encoding));
}

/**
 * Asks for a URL and follows redirects, with name and password for the first server alone.
 *
 * @throws PassingFailure for what may pass by itself; FileError for what will not; the reason of `signal`.
 */
export async function ask(
  address: Address,
  given: Readonly<Record<string, string>>,
  { timeout, idleTimeout }: Settings,
  signal: AbortSignal | null,
): Promise<Answer> {
  const { authorization, shown } = address;
  const watch = new Watch(signal);
  /** Waits for the network, which may fail in its way. `isFirst`: nothing of the file has arrived. */
  const network = async <T>(
    work: () => Promise<T>,
    limit: number,
    late: string,
    action: string,
    isFirst = false,
  ): Promise<T> => {
    try {
      return await watch.wait(work(), limit, late);
    } catch (cause) {
      if (signal?.aborted) throw signal.reason;
      const error = fileFailure(shown, action, cause);
      // Pages are not told why; mostly a policy or the server's CORS headers forbid it, which stays so. Of a download that has begun, not.
      const isForbidden = error.code === 'EIO' && !globalThis.process && isFirst;
      throw isForbidden || isLasting(error.code, error.message) ? error : new PassingFailure(error);
    }
  };
  const send = (url: URL, redirect: RequestRedirect) => {
    const isOwn = url.origin === address.url.origin;
    const headers = { ...given, ...(authorization !== null && isOwn && { authorization }) };
    return network(
      () => fetch(url.href, { headers, redirect, signal: watch.signal }),
      timeout,
      `no answer came within ${seconds(timeout)} (option timeout)`,
      'the server could not be reached',
      !('range' in given),
    );
  };
  const arrive = async (): Promise<Response> => {
    for (let [url, redirects] = [address.url, 0]; redirects <= MOST_REDIRECTS; redirects++) {
      const response = await send(url, 'manual');
      // Pages may not see where a redirect leads; there the browser follows it, and keeps to the web by itself.
      if (response.type === 'opaqueredirect') return send(url, 'follow');
      if (!REDIRECTS.includes(response.status)) return response;
      await response.body?.cancel().catch(() => {});
      url = followed(url, response.headers.get('location'), address);
    }
    throw brokenProtocol(address, `the server redirects more than ${MOST_REDIRECTS} times`);
  };
  try {
    const response = await arrive();
    const reader = unpackedBody(response, address)?.getReader();
    return {
      response,
      async read() {
        if (!reader) return null;
        const { done, value } = await network(
          () => reader.read(),
          idleTimeout,
          `nothing arrived for ${seconds(idleTimeout)} (option idleTimeout)`,
          'the download broke off',
        );
        return done ? null : value;
      },
      close: () => watch.close(),
    };
  } catch (error) {
    watch.close();
    throw error;
  }
}
