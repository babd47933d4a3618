// @ts-check
/** Clients that hold a connection open and do not get on with it. A server that has time-outs ends each of them. */
import { connect } from 'node:net';
import { message } from './raw-http.mjs';

const POST = 'POST / HTTP/1.1\nHost: a\nContent-Type: application/octet-stream';
const get = message('GET / HTTP/1.1\nHost: a');

/**
 * A client: what it sends first, what it sends again and again, and whether it reads what comes.
 * @typedef {{ first: Uint8Array | string, drip: Uint8Array | string, reads: boolean }} SlowClient
 */

/** @type {Record<string, SlowClient>} */
export const SLOW_CLIENTS = {
  'sends nothing': { first: '', drip: '', reads: true },
  'stops within the headers': { first: 'POST / HTTP/1.1\r\nHost: a\r\n', drip: '', reads: true },
  'sends a header at a time': { first: 'POST / HTTP/1.1\r\nHost: a\r\n', drip: 'X: y\r\n', reads: true },
  'stops within the body': { first: message(`${POST}\nContent-Length: 784`, 'x'), drip: '', reads: true },
  'sends a byte of the body at a time': { first: message(`${POST}\nContent-Length: 784`), drip: 'x', reads: true },
  'sends a chunk at a time': { first: message(`${POST}\nTransfer-Encoding: chunked`), drip: '1\r\nx\r\n', reads: true },
  'asks, and stays': { first: get, drip: '', reads: true },
  'asks, and never reads the answers': { first: Buffer.concat(Array(20_000).fill(get)), drip: '', reads: false },
};

/**
 * Runs a client until the server ends its connection. Resolves to what it has received.
 * @param {number} port
 * @param {SlowClient} client
 * @returns {Promise<string>}
 */
export function sufferSlowClient(port, { first, drip, reads }) {
  return new Promise((resolve) => {
    let received = '';
    const socket = connect(port, '127.0.0.1');
    if (reads)
      socket.on('data', (part) => {
        received += part.toString('latin1');
      });
    // A socket that is not read does not hear of its end, only that it cannot be written to.
    const dripping = setInterval(() => socket.write(reads ? drip : get), 100);
    socket.on('error', () => {}); // 'close' follows
    socket.on('close', () => {
      clearInterval(dripping);
      resolve(received);
    });
    socket.write(first);
  });
}
