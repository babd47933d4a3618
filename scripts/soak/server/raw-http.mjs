// @ts-check
/** HTTP as bytes on a socket, for requests that no client library would send. */
import { connect } from 'node:net';

/**
 * The outcome of a request: the status codes of the answers, in order; all received bytes; and whether the server
 * closed the connection.
 * @typedef {{ statuses: number[], received: string, closed: boolean }} Outcome
 */

/** @param {string} received */
function statusesOf(received) {
  // An answer's body ends in a line break or is empty, so status lines begin a line.
  return [...received.matchAll(/^HTTP\/1\.[01] (\d{3}) /gm)].map(([, status]) => Number(status));
}

/**
 * Sends bytes to a server on this machine. Resolves when `answers` final answers have come (100 is none), when the server closes, or
 * after `timeout` milliseconds.
 *
 * @param {number} port
 * @param {string | Uint8Array | readonly (string | Uint8Array)[]} bytes latin-1 text or bytes; the parts of a list are sent one by one
 * @param {{ answers?: number, timeout?: number, halfClose?: boolean, reset?: number }} [options] `halfClose`: ends the sending side after
 *   the last byte; `reset`: milliseconds after which the connection is reset
 * @returns {Promise<Outcome>}
 */
export function exchange(port, bytes, { answers = 1, timeout = 5000, halfClose = false, reset } = {}) {
  const parts = typeof bytes === 'string' || bytes instanceof Uint8Array ? [bytes] : bytes;
  return new Promise((resolve) => {
    let received = '';
    const socket = connect(port, '127.0.0.1');
    /** @param {boolean} closed */
    const finish = (closed) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ statuses: statusesOf(received), received, closed });
    };
    const timer = setTimeout(() => finish(false), timeout);
    socket.on('data', (part) => {
      received += part.toString('latin1');
      if (statusesOf(received).filter((status) => status >= 200).length >= answers) finish(false);
    });
    socket.on('error', () => {}); // 'close' follows
    socket.on('close', () => finish(true));
    for (const part of parts) socket.write(typeof part === 'string' ? Buffer.from(part, 'latin1') : part);
    if (halfClose) socket.end();
    if (reset !== undefined) setTimeout(() => socket.resetAndDestroy(), reset);
  });
}

/**
 * A request as bytes.
 * @param {string} head the request line and the headers, one a line, without the last empty line
 * @param {Uint8Array | string} [body]
 */
export function message(head, body = '') {
  const start = Buffer.from(`${head.trim().replace(/\n[ \t]*/g, '\r\n')}\r\n\r\n`, 'latin1');
  return Buffer.concat([start, typeof body === 'string' ? Buffer.from(body, 'latin1') : body]);
}

/** A POST to / with these headers. @param {string} headers @param {Uint8Array | string} [body] */
export const post = (headers, body) => message(`POST / HTTP/1.1\nHost: a\n${headers}`, body);

/** A POST of a whole body. @param {string} type @param {Uint8Array | string} body @param {string} [more] further headers */
export const send = (type, body, more = '') =>
  post(`Content-Type: ${type}\nContent-Length: ${body.length}${more && `\n${more}`}`, body);
