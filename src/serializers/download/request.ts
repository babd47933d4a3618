/** Makes one request to a server: redirects, time-outs, and failures in words. */
import { FileError } from '../../errors.js';
import { fileFailure } from '../file-failure.js';
import type { Address } from './address.js';
import { isLasting, PassingFailure } from './retries.js';
import type { Settings } from './settings.js';
import { Watch } from './watch.js';

/** The most redirects that are followed, as in browsers. */
const MOST_REDIRECTS = 20;

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

const seconds = (milliseconds: number): string => `${milliseconds / 1000} s`;

/** The error of a server that breaks the protocol. */
export function brokenProtocol({ shown }: Address, what: string): FileError {
  return new FileError(`${shown}: ${what}`, { code: 'EPROTO', path: shown });
}

/** An answer whose body has not been read, with its time-outs. */
export interface Answer {
  readonly response: Response;
  /** The next bytes of the body; null at its end. @throws PassingFailure, or the reason of the caller's signal. */
  read(): Promise<Uint8Array | null>;
  /** Ends the request. Callers always call it. */
  close(): void;
}

/**
 * The target of a redirect.
 *
 * @throws FileError if it is not http: or https:, or if it leads from a safe connection to an unsafe one.
 */
function followed(from: URL, location: string | null, address: Address): URL {
  const to = location !== null && URL.canParse(location, from) ? new URL(location, from) : null;
  const isWeb = to?.protocol === 'https:' || (to?.protocol === 'http:' && from.protocol === 'http:');
  if (to && isWeb && to.username === '' && to.password === '') return to;
  const target = to ? `${to.protocol}${to.host && '//'}${to.host}` : String(location);
  throw brokenProtocol(address, `the server redirects from ${from.protocol}//${from.host} to ${target}: refused`);
}

/**
 * The body of an answer, unpacked. A server may pack it although the request forbids that; `fetch` then unpacks it,
 * except in Deno.
 */
function unpackedBody({ body, headers }: Response, address: Address): ReadableStream<Uint8Array> | null {
  const encoding = headers.get('content-encoding')?.trim().toLowerCase() ?? '';
  if (!body || !('Deno' in globalThis) || encoding === '' || encoding === 'identity') return body;
  if (encoding !== 'gzip' && encoding !== 'deflate')
    throw brokenProtocol(address, `the server packs the file as '${encoding}' although it was asked not to`);
  return body.pipeThrough<Uint8Array>(new DecompressionStream(encoding));
}

/**
 * Requests a URL and follows redirects; name and password go to the first server only.
 *
 * @throws PassingFailure for a failure that a repetition may mend; FileError for a lasting one; the reason of `signal`.
 */
export async function ask(
  address: Address,
  given: Readonly<Record<string, string>>,
  { timeout, idleTimeout }: Settings,
  signal: AbortSignal | null,
): Promise<Answer> {
  const { authorization, shown } = address;
  const watch = new Watch(signal);
  /** Waits for the network, and describes its failures. `isFirst`: no byte of the file has arrived. */
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
      // Pages are not told the reason. Before the first byte it is mostly a policy or the server's CORS headers, which
      // stay; in the middle of a download it is not.
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
      // Pages cannot see the target of a redirect. There the browser follows it, and itself stays with http: and
      // https:.
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
