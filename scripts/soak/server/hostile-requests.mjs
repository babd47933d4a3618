// @ts-check
/**
 * Requests that are meant to harm, and what a server may do about each: one of the statuses listed, or, where `null` is listed, to
 * close the connection without an answer.
 */
import { hostileBodies } from './hostile-bodies.mjs';
import { message, post, send } from './raw-http.mjs';

/**
 * @typedef {object} HostileRequest
 * @property {string} name
 * @property {Uint8Array} bytes what is sent
 * @property {readonly (number | null)[]} expected
 * @property {number} [answers] how many answers are waited for; default 1
 * @property {boolean} [halfClose] whether the client ends its side after the last byte
 * @property {number} [reset] milliseconds after which the client resets the connection
 */

const raw = new Uint8Array(784);

/** @param {string} line the request line */
const request = (line) => message(`${line}\nHost: a`);

/** Refused by the parser: with a status, or by closing. */
const MALFORMED = [400, 405, 414, 431, null];

/** @returns {HostileRequest[]} */
function methods() {
  return [
    { name: 'TRACE', bytes: request('TRACE / HTTP/1.1'), expected: [405, null] },
    { name: 'TRACK', bytes: request('TRACK / HTTP/1.1'), expected: MALFORMED },
    { name: 'CONNECT', bytes: request('CONNECT a:80 HTTP/1.1'), expected: [404, ...MALFORMED] },
    ...['PATCH', 'PUT', 'DELETE', 'PROPFIND', 'SEARCH', 'M-SEARCH'].map((method) => ({
      name: method,
      bytes: request(`${method} / HTTP/1.1`),
      expected: [405, 400, null],
    })),
    ...['get', 'FROBNICATE', '__proto__', 'constructor', '\xff\xfe', '@', ''].map((method) => ({
      name: `the method '${method}'`,
      bytes: request(`${method} / HTTP/1.1`),
      expected: method === 'get' ? [200, ...MALFORMED] : MALFORMED,
    })),
    { name: 'a method of 1 MB', bytes: request(`${'M'.repeat(1e6)} / HTTP/1.1`), expected: MALFORMED },
  ];
}

/** @returns {HostileRequest[]} */
function hosts() {
  /** @param {string} lines */
  const withHost = (lines) => message(`GET / HTTP/1.1\n${lines}`);
  return [
    ...['[', 'a b', 'a:99999', 'u:p@x', 'a/b', 'a?b', 'a#b', 'a\\b', '[::1', '%00', '\xff', 'a:b', ':', '<'].map(
      (host) => ({
        name: `Host: ${host}`,
        bytes: withHost(`Host: ${host}`),
        expected: [400, 200, null],
      }),
    ),
    { name: 'an empty Host', bytes: withHost('Host:'), expected: [200, 400, null] },
    { name: 'no Host', bytes: withHost('X: y'), expected: [400, 200, null] },
    { name: 'two Hosts', bytes: withHost('Host: a\nHost: b'), expected: [400, 200, null] },
    { name: 'a Host of 100 kB', bytes: withHost(`Host: ${'a'.repeat(1e5)}`), expected: [...MALFORMED, 413] },
  ];
}

/** @returns {HostileRequest[]} */
function targets() {
  const strange = [
    '*',
    'http://x/',
    'http://u:p@x/',
    'http://[',
    'ftp://x/',
    'javascript:1',
    '//x',
    '///',
    '/../../etc/passwd',
  ];
  const bytes = [
    '/%2e%2e/%2e%2e/etc/passwd',
    '/%00',
    '/%',
    '/\xe4\xff',
    '/\\..\\',
    '/__proto__',
    'x',
    '?',
    '/?a[__proto__]=1',
  ];
  return [
    ...[...strange, ...bytes].map((target) => ({
      name: `the target ${target}`,
      bytes: request(`GET ${target} HTTP/1.1`),
      expected: [200, 404, 400, null],
    })),
    { name: 'OPTIONS *', bytes: request('OPTIONS * HTTP/1.1'), expected: [204, 404, 400, null] },
    { name: 'a target of 100 kB', bytes: request(`GET /${'a'.repeat(1e5)} HTTP/1.1`), expected: [...MALFORMED, 404] },
    { name: 'HTTP/9.9', bytes: request('GET / HTTP/9.9'), expected: [...MALFORMED, 505] },
    { name: 'HTTP/1.0 without Host', bytes: message('GET / HTTP/1.0'), expected: [200, 400] },
    {
      name: 'the preface of HTTP/2',
      bytes: Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
      expected: [...MALFORMED, 505],
    },
    { name: 'a TLS hello', bytes: Buffer.from([0x16, 3, 1, 0, 5, 1, 0, 0, 1, 3, 13, 10, 13, 10]), expected: MALFORMED },
  ];
}

/** @returns {HostileRequest[]} */
function headers() {
  const types = [
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'image/png\t',
    'IMAGE/PNG;a',
    '\xff',
    ';',
    'image/gif',
    'a'.repeat(4000),
  ];
  return [
    ...types.map((type) => ({
      name: `Content-Type: ${type.slice(0, 20)}`,
      bytes: send(type, raw),
      expected: [415, 400],
    })),
    { name: 'two content types', bytes: send('image/png', raw, 'Content-Type: constructor'), expected: [415, 400] },
    {
      name: 'headers named as properties',
      bytes: send('application/octet-stream', raw, '__proto__: 1\nconstructor: 2\ntoString: 3'),
      expected: [422],
    },
    {
      name: 'a header of latin-1 bytes',
      bytes: send('application/octet-stream', raw, 'X: \xe4\xf6\xff'),
      expected: [422],
    },
    { name: 'a header without a name', bytes: message('GET / HTTP/1.1\nHost: a\n: x'), expected: MALFORMED },
    {
      name: 'a header with a space in its name',
      bytes: message('GET / HTTP/1.1\nHost: a\nX y: z'),
      expected: MALFORMED,
    },
    { name: 'a header with a zero byte', bytes: message('GET / HTTP/1.1\nHost: a\nX: \0'), expected: MALFORMED },
    {
      name: 'headers of 1 MB',
      bytes: message(`GET / HTTP/1.1\nHost: a\nX: ${'y'.repeat(1e6)}`),
      expected: [...MALFORMED, 413],
    },
    {
      name: '10,000 headers',
      bytes: message(`GET / HTTP/1.1\nHost: a\n${'X: y\n'.repeat(10_000)}`),
      expected: [...MALFORMED, 413, 200],
    },
    {
      name: 'an upgrade to WebSocket',
      bytes: message(
        'GET / HTTP/1.1\nHost: a\nConnection: Upgrade\nUpgrade: websocket\nSec-WebSocket-Version: 13\nSec-WebSocket-Key: x',
      ),
      expected: [200, 400, 426, null],
    },
    {
      name: 'an upgrade to HTTP/2',
      bytes: message('GET / HTTP/1.1\nHost: a\nConnection: Upgrade, HTTP2-Settings\nUpgrade: h2c\nHTTP2-Settings: AA'),
      expected: [200, 400, null],
    },
    {
      name: 'Expect: 100-continue',
      bytes: send('application/octet-stream', raw, 'Expect: 100-continue'),
      expected: [422, 417],
    },
    {
      name: 'Expect: a miracle',
      bytes: send('application/octet-stream', raw, 'Expect: a miracle'),
      expected: [417, 422, 400],
    },
    { name: 'a range', bytes: message('GET / HTTP/1.1\nHost: a\nRange: bytes=0-0,-1,9-'), expected: [200] },
    {
      name: 'a preflight',
      bytes: message('OPTIONS / HTTP/1.1\nHost: a\nOrigin: null\nAccess-Control-Request-Method: __proto__'),
      expected: [204],
    },
  ];
}

/** @returns {HostileRequest[]} */
function framing() {
  const type = 'Content-Type: application/octet-stream';
  const chunked = `${type}\nTransfer-Encoding: chunked`;
  return [
    { name: 'a negative Content-Length', bytes: post(`${type}\nContent-Length: -1`), expected: MALFORMED },
    {
      name: 'a Content-Length that is not a number',
      bytes: post(`${type}\nContent-Length: 1e3`, raw),
      expected: MALFORMED,
    },
    {
      name: 'a Content-Length of 10²⁰',
      bytes: post(`${type}\nContent-Length: 1${'0'.repeat(20)}`),
      expected: [...MALFORMED, 413],
    },
    { name: 'a Content-Length of 9 GB', bytes: post(`${type}\nContent-Length: 9000000000`), expected: [413] },
    {
      name: 'two Content-Lengths',
      bytes: post(`${type}\nContent-Length: 784\nContent-Length: 785`, raw),
      expected: MALFORMED,
    },
    { name: 'a body longer than it says', bytes: post(`${type}\nContent-Length: 3`, raw), expected: [400] },
    {
      name: 'a body that ends early',
      bytes: post(`${type}\nContent-Length: 784`, 'abc'),
      expected: [400, null],
      halfClose: true,
    },
    {
      name: 'a length and chunks (smuggling)',
      bytes: post(`${chunked}\nContent-Length: 5`, '0\r\n\r\nGET / HTTP/1.1\r\n\r\n'),
      expected: MALFORMED,
    },
    { name: 'chunked twice', bytes: post(`${chunked}\nTransfer-Encoding: chunked`, '0\r\n\r\n'), expected: MALFORMED },
    {
      name: 'chunked, hidden',
      bytes: post(`${type}\nTransfer-Encoding: xchunked`, '0\r\n\r\n'),
      expected: [...MALFORMED, 501],
    },
    {
      name: 'gzip, chunked',
      bytes: post(`${type}\nTransfer-Encoding: gzip, chunked`, '0\r\n\r\n'),
      expected: [...MALFORMED, 501],
    },
    { name: 'a chunk size that is not a number', bytes: post(chunked, 'xyz\r\n'), expected: MALFORMED },
    { name: 'a chunk size of 2⁶⁸', bytes: post(chunked, `${'f'.repeat(17)}\r\n`), expected: [...MALFORMED, 413] },
    { name: 'no chunks', bytes: post(chunked, '0\r\n\r\n'), expected: [400] },
    { name: 'chunks of one byte', bytes: post(chunked, `${'1\r\na\r\n'.repeat(900)}0\r\n\r\n`), expected: [400] },
    {
      name: 'endless chunks',
      bytes: post(chunked, `10000\r\n${'x'.repeat(65_536)}\r\n`.repeat(20)),
      expected: [413, null],
    },
    {
      name: 'a chunk extension of 100 kB',
      bytes: post(chunked, `1;${'a'.repeat(1e5)}\r\nx\r\n0\r\n\r\n`),
      expected: [...MALFORMED, 413],
    },
    { name: 'a POST without a length', bytes: post(type), expected: [400, 411] },
    {
      name: 'GET with a body',
      bytes: message('GET / HTTP/1.1\nHost: a\nContent-Length: 3', 'abc'),
      expected: [200, 400],
    },
    {
      name: 'HEAD with a body',
      bytes: message('HEAD / HTTP/1.1\nHost: a\nContent-Length: 3', 'abc'),
      expected: [200, 400],
    },
    {
      name: 'a request that never ends, given up',
      bytes: post(`${type}\nContent-Length: 784`, 'abc'),
      expected: [null],
      reset: 50,
    },
    { name: 'half of the headers, given up', bytes: Buffer.from('POST / HTTP/1.1\r\nHo'), expected: [null], reset: 50 },
    {
      name: 'a client that ends its side',
      bytes: send('application/octet-stream', raw),
      expected: [422, null], // Deno closes too, without an answer
      halfClose: true,
    },
    { name: 'nothing at all', bytes: new Uint8Array(0), expected: [400, null], halfClose: true },
    { name: 'line feeds alone', bytes: Buffer.from('GET / HTTP/1.1\nHost: a\n\n'), expected: [...MALFORMED, 200, 505] },
    { name: 'no HTTP', bytes: Buffer.from('hello\r\n\r\n'), expected: MALFORMED },
    {
      name: '100 requests in a row',
      bytes: Buffer.concat(Array(100).fill(request('GET / HTTP/1.1'))),
      expected: [200],
      answers: 100,
    },
    {
      name: 'a row of POSTs',
      bytes: Buffer.concat(Array(20).fill(send('application/octet-stream', raw))),
      expected: [422],
      answers: 20,
    },
  ];
}

/** All of them. All together take some 4 MB. @returns {HostileRequest[]} */
export const hostileRequests = () => [
  ...methods(),
  ...hosts(),
  ...targets(),
  ...headers(),
  ...framing(),
  ...hostileBodies(),
];

/**
 * The fault of a hostile request's outcome; null if there is none.
 * @param {HostileRequest} request
 * @param {import('./raw-http.mjs').Outcome} outcome
 */
export function faultOf({ name, expected, answers = 1, reset }, { statuses, closed, received }) {
  const final = statuses.filter((status) => status >= 200);
  const wrong = final.find((status) => !expected.includes(status));
  const first = received.slice(0, 200).replaceAll('\r\n', ' ');
  if (wrong !== undefined) return `${name}: answered ${wrong}, expected ${expected.join(' or ')} (${first})`;
  if (final.length > 0 && final.length < answers) return `${name}: ${final.length} of ${answers} answers`;
  if (final.length === 0 && reset === undefined && !(closed && expected.includes(null)))
    return `${name}: ${closed ? 'closed' : 'left'} without an answer, expected ${expected.join(' or ')}`;
  return null;
}
