/** Downloads from a server on loopback: kept, resumed, checked. */
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { datasets, FormatError } from '../../src/index.js';
import { RandomState } from '../../src/ndarray/random-state.js';
import { FileServer } from '../support/file-server.js';

const file = new RandomState(1).bytes(300_000);
const md5 = createHash('md5').update(file).digest('hex');

let server = new FileServer();
let address = '';
let cacheDirectory = '';

beforeEach(async () => {
  server = new FileServer();
  address = await server.start();
  server.files.set('data.bin', file);
  cacheDirectory = await mkdtemp(join(tmpdir(), 'rensa-'));
});
afterEach(async () => {
  await server.stop();
  await rm(cacheDirectory, { recursive: true });
});

const get = (options: datasets.DownloadOptions = {}) =>
  datasets.cachedDownload(`${address}/data.bin`, { cacheDirectory, md5, retryDelay: 1, ...options });

describe('cachedDownload', () => {
  it('downloads once, and shows how far it is', async () => {
    const seen: datasets.DownloadProgress[] = [];
    expect(await get({ onProgress: (progress) => seen.push(progress) })).toEqual(file);
    expect(seen.at(-1)).toEqual({ url: `${address}/data.bin`, received: file.length, total: file.length });
    expect(await get()).toEqual(file);
    expect(server.requests.length).toBe(1);
    expect((await readdir(cacheDirectory)).filter((name) => !name.endsWith('-data.bin'))).toEqual([]);
  });

  it('of one that is under way is the same download', async () => {
    const [a, b] = await Promise.all([get(), get()]);
    expect([a, b]).toEqual([file, file]);
    expect(a).not.toBe(b); // what one caller does with the bytes concerns no other
    expect(server.requests.length).toBe(1);
  });

  it('goes on where the connection broke', async () => {
    server.breaks.push(100_000, 50_000);
    expect(await get()).toEqual(file);
    expect(server.requests).toEqual([undefined, 'bytes=100000-', 'bytes=150000-']);
  });

  it('goes on where an earlier program was stopped', async () => {
    const stop = new AbortController();
    server.breaks.push(120_000);
    await expect(get({ signal: stop.signal, onProgress: () => stop.abort() })).rejects.toThrow();
    const part = (await readdir(cacheDirectory)).find((name) => name.endsWith('.part'));
    expect(part).toBeDefined();
    expect(await get()).toEqual(file);
    expect(server.requests[1]).toMatch(/^bytes=\d+-$/);
  });

  it('starts again when the file on the server is another one', async () => {
    const stop = new AbortController();
    server.breaks.push(120_000);
    await expect(get({ signal: stop.signal, onProgress: () => stop.abort() })).rejects.toThrow();
    server.etag = '"v2"';
    expect(await get()).toEqual(file);
  });

  it('starts again where nothing tells whether it is the same file', async () => {
    server.etag = null;
    server.breaks.push(100_000);
    expect(await get()).toEqual(file);
    expect(server.requests).toEqual([undefined, undefined]);
  });

  it('does without a length', async () => {
    server.sendsLength = false;
    expect(await get()).toEqual(file);
  });

  it('finds all bytes downloaded but not yet kept', async () => {
    await get();
    const [kept] = await readdir(cacheDirectory);
    await rm(join(cacheDirectory, kept));
    await writeFile(join(cacheDirectory, `${kept}.part`), file);
    const version = { etag: '"v1"', condition: '"v1"', lastModified: null, total: file.length };
    await writeFile(join(cacheDirectory, `${kept}.mark`), JSON.stringify(version));
    expect(await get()).toEqual(file);
    expect(server.requests.slice(1)).toEqual([`bytes=${file.length}-`, undefined]);
  });

  it('gives up after a number of retries, and continues there at the next call', async () => {
    server.breaks.push(100_000, 0, 1000, 0);
    await expect(get({ retries: 3 })).rejects.toMatchObject({ name: 'FileError' });
    expect(server.requests).toEqual([undefined, 'bytes=100000-', 'bytes=100000-', 'bytes=101000-']);
    expect(await get()).toEqual(file);
    expect(server.requests.at(-1)).toBe('bytes=101000-');
  });

  it('refuses a file that is not the one it should be, and does not keep it', async () => {
    server.files.set('data.bin', file.slice(1));
    await expect(get()).rejects.toThrow(FormatError);
    server.files.set('data.bin', file);
    expect(await get()).toEqual(file);
  });

  it('checks SHA-256 as well', async () => {
    const sha256 = createHash('sha256').update(file).digest('hex').toUpperCase();
    expect(await get({ sha256 })).toEqual(file);
    await expect(get({ sha256: '0'.repeat(64) })).rejects.toThrow(/SHA-256 sum is [0-9a-f]{64}, not 0{64}/);
  });

  it('reports an unreachable server', async () => {
    const gone = new FileServer();
    const nowhere = await gone.start();
    await gone.stop();
    await expect(datasets.cachedDownload(`${nowhere}/x`, { cacheDirectory })).rejects.toMatchObject({
      name: 'FileError',
      code: 'ECONNREFUSED',
      path: `${nowhere}/x`,
    });
  });

  it('replaces a kept file that was damaged', async () => {
    await get();
    const [kept] = await readdir(cacheDirectory);
    await writeFile(join(cacheDirectory, kept), 'damaged');
    expect(await get()).toEqual(file);
    expect(server.requests.length).toBe(2);
  });

  it("reports the server's answer", async () => {
    const wanted = datasets.cachedDownload(`${address}/nothing`, { cacheDirectory });
    await expect(wanted).rejects.toMatchObject({ name: 'FileError', code: 'ENOENT' });
    await expect(wanted).rejects.toThrow(/404/);
  });
});

test('the root of downloads can be set', () => {
  const before = datasets.getDatasetRoot();
  datasets.setDatasetRoot('/somewhere');
  expect(datasets.getDatasetRoot()).toBe('/somewhere');
  datasets.setDatasetRoot(null);
  expect(datasets.getDatasetRoot()).toBe(before);
  expect(before).toMatch(/rensa$/);
});
