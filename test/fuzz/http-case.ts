/** Random HTTP requests as plain data, and as bytes for a socket. */
import fc from 'fast-check';
import { concatenated } from '../../src/formats/joined-bytes.js';
import { sometimes } from './hostile-values.js';
import { encodeJpegCase, type JpegCase, jpegCase } from './jpeg-case.js';
import { encodePngCase, type PngCase, pngCase } from './png-case.js';

type Body = PngCase | JpegCase | { readonly kind: 'bytes'; readonly length: number; readonly fill: number };

export interface HttpCase {
  /** Called as a function, or sent to a server. */
  readonly by: 'handler' | 'socket';
  readonly method: string;
  readonly target: string;
  readonly host: string | null;
  readonly type: string | null;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Body | null;
  /** How the request declares the length of its body. `lie` is added to the length. */
  readonly framing: 'length' | 'chunks' | 'none' | 'both';
  readonly lie: number;
  /** The share of the bytes that is sent before the client leaves. */
  readonly share: number;
  /** The number of copies that are sent at once. */
  readonly times: number;
  readonly line: 'usual' | 'lf' | 'HTTP/0.9' | 'HTTP/9.9' | 'spaces' | 'none';
}

const method = sometimes(
  fc.constantFrom('POST', 'POST', 'POST', 'GET', 'HEAD', 'OPTIONS'),
  fc.constantFrom(
    'TRACE',
    'CONNECT',
    'PUT',
    'DELETE',
    'PATCH',
    'PROPFIND',
    'G E T',
    '',
    'post',
    'X'.repeat(300),
    '__proto__',
    'constructor',
    'GÄT',
  ),
  4,
);
const target = sometimes(
  fc.constant('/'),
  fc.constantFrom(
    '*',
    '',
    '//',
    '//x',
    '/../..',
    '/%',
    '/%00',
    '/\u0000',
    'http://evil/',
    'http://[',
    '/?'.padEnd(9000, 'a'),
    '/__proto__',
    'x:y',
    '/a b',
    '/#',
    '\\',
    'http://u:p@h:99999/',
  ),
  4,
);
const host = sometimes(
  fc.constant<string | null>('localhost'),
  fc.constantFrom<string | null>(
    null,
    '',
    '[',
    'a b',
    'a:99999',
    'u:p@x',
    'a,b',
    '\u0000',
    'x'.repeat(9000),
    '::1',
    'localhost:0x50',
    'é',
  ),
  4,
);
const type = sometimes(
  fc.constantFrom<string | null>('application/octet-stream', 'image/png', 'image/jpeg'),
  fc.constantFrom<string | null>(
    null,
    '',
    '__proto__',
    'constructor',
    'toString',
    'image/png;',
    ';',
    'image/png; charset=x',
    'IMAGE/PNG',
    'text/plain',
    'a'.repeat(5000),
    'image/svg+xml',
  ),
  3,
);
const header = fc.tuple(
  fc.constantFrom(
    ...[
      'Content-Length',
      'Transfer-Encoding',
      'Content-Encoding',
      'Expect',
      'Connection',
      'Upgrade',
      'Host',
      'Content-Type',
      'Range',
      'TE',
      'Trailer',
    ],
    ...[
      'Origin',
      'Access-Control-Request-Method',
      '__proto__',
      'constructor',
      'x',
      'x y',
      '',
      'Cookie',
      'If-None-Match',
      'X-Ä',
      'Accept-Encoding',
    ],
  ),
  fc.constantFrom(
    '0',
    '1',
    '-1',
    '1e9',
    '99999999999999999999',
    'chunked',
    'gzip',
    'identity',
    '100-continue',
    'close',
    'keep-alive',
    'websocket',
    'bytes=0-',
    '',
    ' ',
    '\u0000',
    'x'.repeat(9000),
    'a, b',
    'é',
    '__proto__',
    'http://x',
  ),
);

export const httpCase: fc.Arbitrary<HttpCase> = fc.record({
  by: fc.constantFrom('handler', 'socket'),
  method,
  target,
  host,
  type,
  headers: fc.array(header, { maxLength: 3 }),
  body: fc.oneof(
    fc.constant(null),
    pngCase,
    jpegCase,
    fc.record({
      kind: fc.constant('bytes' as const),
      length: fc.constantFrom(0, 1, 783, 784, 784, 785, 100_000, 1_000_001, 3_000_000),
      fill: fc.constantFrom(0, 128, 255, 256),
    }),
  ),
  framing: sometimes(fc.constant('length' as const), fc.constantFrom('chunks', 'none', 'both'), 3),
  lie: sometimes(fc.constant(0), fc.constantFrom(1, -1, 1000, 2 ** 31, 2 ** 53), 8),
  share: sometimes(fc.constant(1), fc.constantFrom(0, 0.1, 0.5, 0.99), 6),
  times: sometimes(fc.constant(1), fc.constantFrom(2, 20), 8),
  line: sometimes(fc.constant('usual' as const), fc.constantFrom('lf', 'HTTP/0.9', 'HTTP/9.9', 'spaces', 'none'), 12),
});

/** The bytes of a body; null for none. */
export function bodyOf({ body }: HttpCase): Uint8Array | null {
  if (!body) return null;
  if (body.kind === 'png') return encodePngCase(body);
  if (body.kind === 'jpeg') return encodeJpegCase(body);
  const { length, fill } = body;
  return Uint8Array.from({ length }, (_, i) => (fill < 256 ? fill : (i * 37) % 256));
}

/** Bytes of chunks of a chunked body. */
const CHUNK = 4096;

function chunked(body: Uint8Array, lie: number): Uint8Array {
  const pieces: ArrayLike<number>[] = [];
  const text = (value: string) => Array.from(value, (c) => c.charCodeAt(0));
  for (let at = 0; at < body.length; at += CHUNK) {
    const piece = body.subarray(at, at + CHUNK);
    pieces.push(text(`${(piece.length + lie).toString(16)}\r\n`), piece, text('\r\n'));
  }
  return concatenated([...pieces, text('0\r\n\r\n')]);
}

/** The bytes for the socket. */
export function requestOf(value: HttpCase): Uint8Array {
  const { method, target, host, type, headers, framing, lie, share, times, line } = value;
  const body = bodyOf(value) ?? new Uint8Array(0);
  const end = line === 'lf' ? '\n' : '\r\n';
  const version = line === 'HTTP/0.9' || line === 'HTTP/9.9' ? ` ${line}` : line === 'none' ? '' : ' HTTP/1.1';
  const lines = [
    `${line === 'spaces' ? '  ' : ''}${method} ${target}${version}`,
    ...(host === null ? [] : [`Host: ${host}`]),
    ...(type === null ? [] : [`Content-Type: ${type}`]),
    ...(framing === 'length' || framing === 'both' ? [`Content-Length: ${body.length + lie}`] : []),
    ...(framing === 'chunks' || framing === 'both' ? ['Transfer-Encoding: chunked'] : []),
    ...headers.map(([name, text]) => `${name}: ${text}`),
  ];
  const head = Buffer.from(`${lines.join(end)}${end}${end}`, 'latin1');
  const sent = framing === 'chunks' || framing === 'both' ? chunked(body, lie) : body;
  const one = concatenated([head, sent]);
  const all = concatenated(new Array<Uint8Array>(one.length > 100_000 ? 1 : times).fill(one));
  return all.subarray(0, Math.ceil(all.length * share));
}
