/**
 * Servers that change files, break off, lie, fall silent or flood: what is returned is one version of the file, whole, or an error.
 * Oracle: the bytes that the server has.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { datasets, FileError, FormatError, L, serializers, ValueError } from '../../../src/index.js';
import { RandomState } from '../../../src/ndarray/random-state.js';
import {
  type Answer,
  breakConnections,
  broken,
  part,
  ScriptedServer,
  status,
  whole,
} from '../../support/scripted-server.js';

const [first, second] = [1, 2].map((seed) => new RandomState(seed).bytes(3_000));
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const CUT = 1_000;
const V1 = { etag: '"1"', 'last-modified': 'Mon, 01 Jan 2024 00:00:00 GMT' };
const V2 = { etag: '"2"', 'last-modified': 'Tue, 02 Jan 2024 00:00:00 GMT' };

let server: ScriptedServer;
let cacheDirectory = '';
beforeEach(async () => {
  server = new ScriptedServer();
  await server.start();
  cacheDirectory = await mkdtemp(join(tmpdir(), 'rensa-transfer-'));
});
afterEach(async () => {
  await server.stop();
  await rm(cacheDirectory, { recursive: true });
});

const download = (options: datasets.DownloadOptions = {}, path = '/file.bin') =>
  datasets.cachedDownload(server.origin + path, {
    cacheDirectory,
    retryDelay: 1,
    onProgress: breakConnections,
    ...options,
  });
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => Promise.reject(new Error('nothing was thrown')),
    (error) => error,
  );
/** Cut after {@link CUT} bytes, then these answers. */
const afterCut = (headers: Record<string, string>, ...answers: Answer[]) =>
  server.answers.push(broken(first, CUT, headers), ...answers);

describe('going on after a broken connection', () => {
  const SAME: readonly [string, Record<string, string>, Record<string, string>][] = [
    ['the same ETag', V1, V1],
    ['the same ETag, and no date', V1, { etag: '"1"' }],
    ['the same date', { 'last-modified': V1['last-modified'] }, { 'last-modified': V1['last-modified'] }],
  ];
  test.each(SAME)('%s', async (_, before, after) => {
    afterCut(before, part(first, CUT, after));
    expect(await download()).toEqual(first);
    expect(server.ranges).toEqual([undefined, `bytes=${CUT}-`]);
    expect(server.requests[1].headers['if-range']).toBe(before.etag ?? before['last-modified']);
  });

  const CHANGES: readonly [string, Record<string, string>, Answer][] = [
    ['another ETag, as of a server that ignores If-Range', V1, part(second, CUT, { etag: '"2"' })],
    ['no ETag any more', V1, part(second, CUT)],
    ['the same ETag and another date', V1, part(second, CUT, { ...V2, etag: '"1"' })],
    ['another date', { 'last-modified': V1['last-modified'] }, part(second, CUT, V2)],
    ['no date any more', { 'last-modified': V1['last-modified'] }, part(second, CUT)],
    ['another length', V1, part(second.subarray(1), CUT, V1)],
    ['another start', V1, part(second, CUT + 1, V1)],
    ['an earlier start', V1, part(second, 0, V1)],
    ['no Content-Range', V1, (__, response) => response.writeHead(206, V1).end(second.subarray(CUT))],
    ['an end before the start', V1, part(second, CUT, { ...V1, 'content-range': `bytes ${CUT}-5/3000` })],
    ['an end beyond the total', V1, part(second, CUT, { ...V1, 'content-range': `bytes ${CUT}-3000/3000` })],
    ['several ranges', V1, part(second, CUT, { ...V1, 'content-range': '', 'content-type': 'multipart/byteranges' })],
    ['another unit', V1, part(second, CUT, { ...V1, 'content-range': `lines ${CUT}-2999/3000` })],
    ['compression', V1, part(second, CUT, { ...V1, 'content-encoding': 'identity, gzip' })],
    ['416', V1, status(416, { 'content-range': 'bytes */5' })],
  ];
  test.each(CHANGES)('%s: all is fetched anew', async (_, headers, answer) => {
    afterCut(headers, answer, whole(second, V2));
    expect(await download()).toEqual(second);
    expect(server.ranges).toEqual([undefined, `bytes=${CUT}-`, undefined]);
  });

  test('200 is the whole file, of whichever version', async () => {
    afterCut(V1, whole(second, V2));
    expect(await download()).toEqual(second);
    expect(server.ranges).toEqual([undefined, `bytes=${CUT}-`]);
  });

  const now = new Date().toUTCString();
  test.each([
    ['a weak ETag', { etag: 'W/"1"' }],
    ['a weak ETag beside a date', { ...V1, etag: 'W/"1"' }],
    ['a date of the same second', { 'last-modified': now, date: now }],
    ['nothing', {}],
  ])('%s proves nothing: no part is asked for', async (_, headers) => {
    afterCut(headers, whole(second));
    expect(await download()).toEqual(second);
    expect(server.ranges).toEqual([undefined, undefined]);
  });

  test('a shorter part is continued', async () => {
    const piece: Answer = (_, response) =>
      response.writeHead(206, { ...V1, 'content-range': `bytes ${CUT}-1999/3000` }).end(first.subarray(CUT, 2_000));
    afterCut(V1, piece, part(first, 2_000, V1));
    expect(await download()).toEqual(first);
    expect(server.ranges).toEqual([undefined, `bytes=${CUT}-`, 'bytes=2000-']);
  });

  test('206 that nobody asked for is refused', async () => {
    for (const from of [0, 100]) {
      server.answers.splice(0, 1, part(first, from, V1));
      const error = await failure(download());
      expect(error).toBeInstanceOf(FileError);
      expect(error).toMatchObject({ code: 'EPROTO' });
      expect(String(error)).toMatch(/answered 206, a part, to a request for the whole file/);
    }
    expect(await readdir(cacheDirectory)).toEqual([]);
  });

  test('a file that changes at each request ends with an error', async () => {
    let version = 0;
    server.answers.push((request, response) => {
      const headers = { etag: `"${version++}"` };
      if (request.headers.range) part(second, CUT, headers)(request, response);
      else broken(first, CUT, headers)(request, response);
    });
    await expect(download({ retries: 4 })).rejects.toMatchObject({ name: 'FileError' });
    expect(server.requests.length).toBe(5);
  });
});

describe('repeating', () => {
  test.each([408, 425, 429, 500, 502, 503, 504, 599])('%i', async (code) => {
    server.answers.push(status(code), status(code), whole(first));
    expect(await download()).toEqual(first);
    expect(server.requests.length).toBe(3);
  });

  test.each([400, 401, 403, 404, 410, 418, 451, 501, 505, 204, 304])('%i is not repeated', async (code) => {
    server.answers.push(status(code));
    const error = await failure(download());
    expect(error).toBeInstanceOf(FileError);
    expect(String(error)).toContain(`the server answered ${code}`);
    expect(server.requests.length).toBe(1);
  });

  test.each([0, 1, 3])('at most %i times', async (retries) => {
    server.answers.push(status(503));
    await expect(download({ retries })).rejects.toThrow(/answered 503/);
    expect(server.requests.length).toBe(retries + 1);
  });

  test('Retry-After is waited for, and refused beyond a minute', async () => {
    server.answers.push(status(429, { 'retry-after': '1' }), whole(first));
    const start = performance.now();
    expect(await download()).toEqual(first);
    expect(performance.now() - start).toBeGreaterThan(990); // not how fast, but that it waited
    server.requests.length = 0;
    server.answers.splice(0, 2, status(503, { 'retry-after': '61' }));
    await expect(download({}, '/other')).rejects.toThrow(/answered 503/);
    expect(server.requests.length).toBe(1);
  });

  test('a body that is shorter than its length, and an end without bytes', async () => {
    server.answers.push(broken(first, 0, V1), broken(first, 0, V1), whole(first, V1));
    expect(await download()).toEqual(first);
  });

  test('resets of the connection', async () => {
    const sockets = new Set<Socket>();
    let connections = 0;
    const raw = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.once('data', () => {
        connections++;
        if (connections === 1) return socket.resetAndDestroy();
        if (connections === 2)
          return socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n12345', () => socket.resetAndDestroy());
        if (connections === 3) return socket.end('HTTP/1.1 20'); // in the middle of the head
        return socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n1234567890');
      });
    }).listen(0, '127.0.0.1');
    await new Promise((done) => raw.once('listening', done));
    const { port } = raw.address() as { port: number };
    const bytes = await datasets.cachedDownload(`http://127.0.0.1:${port}/x`, { cacheDirectory, retryDelay: 1 });
    expect(new TextDecoder().decode(bytes)).toBe('1234567890');
    expect(connections).toBe(4);
    for (const socket of sockets) socket.destroy();
    raw.close();
  });
});

describe('limits', () => {
  test('an announced length beyond maxBytes is not fetched', async () => {
    server.answers.push(whole(first));
    const error = await failure(download({ maxBytes: first.length - 1 }));
    expect(error).toMatchObject({ name: 'FileError', code: 'EFBIG' });
    expect(String(error)).toMatch(/3000 bytes or more, and at most 2999 are taken: pass \{ maxBytes \}/);
    expect(await download({ maxBytes: first.length })).toEqual(first);
  });

  test('a body without a length or an end is cut at maxBytes', async () => {
    server.answers.push((_, response) => {
      response.on('error', () => {});
      const flood = (): unknown => !response.destroyed && response.write(first, flood);
      flood();
    });
    await expect(download({ maxBytes: 2 ** 20 })).rejects.toMatchObject({ code: 'EFBIG' });
    await server.idle();
    expect(await readdir(cacheDirectory)).toEqual([]);
  });

  test('holds for cached files, and for every source', async () => {
    server.answers.push(whole(first));
    await download();
    await expect(download({ maxBytes: 10 })).rejects.toMatchObject({ code: 'EFBIG' });
    expect(await download()).toEqual(first);
    expect(server.requests.length).toBe(1);
  });

  test('a compressed body counts unpacked', async () => {
    server.answers.push((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(new Uint8Array(2 ** 24)));
    });
    await expect(download({ maxBytes: 2 ** 20 })).rejects.toMatchObject({ code: 'EFBIG' });
  });

  test('a server that does not answer', async () => {
    server.answers.push(() => {});
    const error = await failure(download({ timeout: 50, retries: 1 }));
    expect(error).toMatchObject({ name: 'FileError', code: 'ETIMEDOUT' });
    expect(String(error)).toMatch(/no answer came within 0.05 s \(option timeout\)/);
    expect(server.requests.length).toBe(2);
    await server.idle();
  });

  test('a server that falls silent', async () => {
    const silent: Answer = (_, response) => {
      response.writeHead(200, { ...V1, 'content-length': '3000' });
      response.write(first.subarray(0, CUT));
    };
    server.answers.push(silent);
    const error = await failure(download({ idleTimeout: 100, retries: 0 }));
    expect(error).toMatchObject({ name: 'FileError', code: 'ETIMEDOUT' });
    expect(String(error)).toMatch(/nothing arrived for 0.1 s \(option idleTimeout\)/);
    await server.idle();
    server.answers.splice(0, 1, part(first, CUT, V1));
    expect(await download()).toEqual(first); // what had arrived was not lost
    expect(server.ranges).toEqual([undefined, `bytes=${CUT}-`]);
  });

  test('a server that sends single bytes is not silent', async () => {
    server.answers.push((_, response) => {
      response.writeHead(200, { 'content-length': '20' });
      let sent = 0;
      const timer = setInterval(() => {
        response.write('x');
        if (++sent === 20) {
          clearInterval(timer);
          response.end();
        }
      }, 20);
    });
    expect(await download({ idleTimeout: 300, timeout: 1000 })).toEqual(new TextEncoder().encode('x'.repeat(20)));
  });
});

describe('bodies', () => {
  test('an empty one is a file', async () => {
    server.answers.push(whole(new Uint8Array()));
    expect(await download()).toEqual(new Uint8Array());
    expect(await download()).toEqual(new Uint8Array());
    expect(server.requests.length).toBe(1);
  });

  test('a compressed one is unpacked, and its length is not that of the bytes', async () => {
    const packed = gzipSync(first);
    server.answers.push((_, response) => {
      response.writeHead(200, { ...V1, 'content-encoding': 'gzip', 'content-length': String(packed.length) });
      response.end(packed);
    });
    const seen: (number | null)[] = [];
    expect(await download({ onProgress: ({ total }) => seen.push(total) })).toEqual(first);
    expect(new Set(seen)).toEqual(new Set([null]));
    expect(server.requests[0].headers['accept-encoding']).toBe('identity');
  });

  test('a compressed one that breaks off is fetched anew', async () => {
    const packed = gzipSync(first);
    server.answers.push(
      (_, response) => {
        response.writeHead(200, { ...V1, 'content-encoding': 'gzip' });
        response.write(packed.subarray(0, CUT), () => setTimeout(() => response.destroy(), 20));
      },
      whole(first, V1),
    );
    expect(await download()).toEqual(first);
    expect(server.ranges).toEqual([undefined, undefined]);
  });
});

describe('redirects', () => {
  const to = (location: string, code = 302) => status(code, { location });

  test.each([301, 302, 303, 307, 308])('%i is followed', async (code) => {
    server.answers.push(to('/elsewhere', code), whole(first));
    expect(await download()).toEqual(first);
    expect(server.requests.map(({ url }) => url)).toEqual(['/file.bin', '/elsewhere']);
  });

  test.each([
    'file:///etc/passwd',
    'data:text/plain,x',
    'blob:nodedata:1',
    'ftp://127.0.0.1/x',
    'javascript:1',
    'http://name:secret@127.0.0.1/',
    'http://',
  ])('to %s is refused', async (location) => {
    server.answers.push(to(location));
    const error = await failure(download());
    expect(error).toMatchObject({ name: 'FileError', code: 'EPROTO' });
    expect(String(error)).toMatch(/the server redirects from .* refused/);
    expect(String(error)).not.toContain('secret');
    expect(server.requests.length).toBe(1);
  });

  test('in a circle are ended', async () => {
    server.answers.push(to('/file.bin'));
    await expect(download()).rejects.toThrow(/redirects more than 20 times/);
    expect(server.requests.length).toBe(21);
  });

  test('name and password go to the first server alone', async () => {
    const other = new ScriptedServer();
    await other.start();
    server.answers.push(to('/here'), to(`${other.origin}/there`));
    other.answers.push(whole(first));
    const url = `${server.origin.replace('//', '//user%40x:s%C3%A9cret@')}/file.bin`;
    expect(await datasets.cachedDownload(url, { cacheDirectory })).toEqual(first);
    const basic = `Basic ${Buffer.from('user@x:sécret').toString('base64')}`;
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([basic, basic]);
    expect(other.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
    await other.stop();
  });
});

describe('URLs', () => {
  test.each([
    'not a url',
    '',
    'file:///etc/passwd',
    'ftp://x/y',
    'javascript:alert(1)',
    'about:blank',
    'http://',
    '//x/y',
    null,
    undefined,
    42,
    {},
  ])('%s is not a URL to download', async (url) => {
    await expect(datasets.cachedDownload(url as string, { cacheDirectory })).rejects.toThrow(ValueError);
  });

  test('data: URLs and URL objects', async () => {
    const bytes = await datasets.cachedDownload(new URL('data:;base64,AQID'), { cacheDirectory });
    expect(bytes).toEqual(Uint8Array.of(1, 2, 3));
  });

  test('names and passwords are in no message, no progress and no file', async () => {
    const secret = server.origin.replace('//', '//user:hunter2@');
    const texts: string[] = [];
    server.answers.push(status(404));
    texts.push(String(await failure(datasets.cachedDownload(`${secret}/a`, { cacheDirectory }))));
    const error = await failure(serializers.loadNpz(`${secret}/b`, new L.Linear(1, 1)));
    texts.push(String(error), error.path);
    server.answers.splice(0, 1, broken(first, CUT, V1));
    const onProgress = ({ url }: datasets.DownloadProgress) => {
      texts.push(url);
      breakConnections();
    };
    texts.push(
      String(await failure(datasets.cachedDownload(`${secret}/c`, { cacheDirectory, retries: 0, onProgress }))),
    );
    texts.push(String(await failure(datasets.cachedDownload('http//user:hunter2@x y', { cacheDirectory }))));
    const files = await readdir(cacheDirectory);
    expect(files.length).toBe(2); // a part and its mark
    for (const text of [...texts, ...files]) expect(text).not.toMatch(/hunter2|user/);
    // And the same URL without a password is another file.
    server.answers.splice(0, 1, whole(second));
    expect(await download({}, '/c')).toEqual(second);
  });

  test('two URLs never share a name', async () => {
    // 32 bits of MD5, as names once had, are the same for these two.
    server.answers.push((request, response) => response.end(request.url));
    const paths = ['/m?2418', '/m?26219', '/m', '/M', '/m/', '/m?a=1&b=2', '/m?b=2&a=1'];
    for (const path of paths) await download({}, path);
    const bytes = await Promise.all(paths.map((path) => download({}, path)));
    expect(bytes.map((each) => new TextDecoder().decode(each))).toEqual(paths);
    for (const name of await readdir(cacheDirectory)) expect(name).toMatch(/^[0-9a-f]{40}-/);
  });
});

describe('sums', () => {
  test('an unchecked file in the cache does not pass for a checked one, and stays', async () => {
    server.answers.push(whole(first));
    await download();
    server.answers.splice(0, 1, whole(second));
    await expect(download({ sha256: '0'.repeat(64) })).rejects.toThrow(FormatError);
    expect(await download()).toEqual(first);
    expect(await download({ sha256: sha256(second) })).toEqual(second);
    expect(await download()).toEqual(second);
  });

  test('a damaged part of an earlier program is fetched anew', async () => {
    server.answers.push(broken(second, CUT, V1));
    await failure(download({ retries: 0 }));
    // The server says that it is the same version, and it is not.
    server.answers.splice(0, 1, part(first, CUT, V1), whole(first, V1));
    expect(await download({ sha256: sha256(first) })).toEqual(first);
    expect(server.ranges.slice(1)).toEqual([`bytes=${CUT}-`, undefined]);
  });

  test.each([
    ['sha256', ''],
    ['sha256', 'abc'],
    ['sha256', 'z'.repeat(64)],
    ['sha256', 5],
    ['md5', ''],
    ['maxBytes', -1],
    ['maxBytes', 1.5],
    ['maxBytes', Number.NaN],
    ['timeout', '30'],
    ['idleTimeout', -1],
    ['retries', 0.5],
    ['retryDelay', Number.NaN],
    ['signal', {}],
    ['onProgress', 'log'],
  ])('%s: %j is refused before anything is asked for', async (name, value) => {
    await expect(download({ [name]: value })).rejects.toThrow(ValueError);
    await expect(download({ [name]: value })).rejects.toThrow(`cachedDownload: ${name} is`);
    expect(server.requests).toEqual([]);
  });
});
