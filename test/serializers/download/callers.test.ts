/**
 * Several callers of one download, in one process and in several. Each has its own checks, signal and progress, and
 * nothing is left when the last one leaves. Oracle: the server's bytes, its counts of requests and connections, and
 * the names on the disk.
 */
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { datasets, FormatError } from '../../../src/index.js';
import { RandomState } from '../../../src/ndarray/random-state.js';
import { type Answer, part, ScriptedServer, whole } from '../../support/scripted-server.js';

const execute = promisify(execFile);
const built = JSON.stringify(pathToFileURL(resolve('dist/index.js')).href);

const file = new RandomState(1).bytes(6_000);
const sum = createHash('sha256').update(file).digest('hex');
const V1 = { etag: '"1"' };

let server: ScriptedServer;
let cacheDirectory = '';
beforeEach(async () => {
  server = new ScriptedServer();
  await server.start();
  cacheDirectory = await mkdtemp(join(tmpdir(), 'rensa-callers-'));
});
afterEach(async () => {
  await server.stop();
  await rm(cacheDirectory, { recursive: true });
});

const url = () => `${server.origin}/file.bin`;
const download = (options: datasets.DownloadOptions = {}) =>
  datasets.cachedDownload(url(), { cacheDirectory, retryDelay: 1, ...options });
const files = () => readdir(cacheDirectory);

/** Answers with half of the file, and with the rest when it is told. */
function halves(): { answer: Answer; finish: () => void; begun: Promise<void> } {
  let began = () => {};
  const begun = new Promise<void>((done) => {
    began = done;
  });
  const open: ServerResponse[] = [];
  const answer: Answer = (_, response) => {
    response.writeHead(200, { ...V1, 'content-length': String(file.length) });
    response.write(file.subarray(0, 3_000), () => began());
    open.push(response);
  };
  const finish = () => {
    for (const response of open) response.end(file.subarray(3_000));
  };
  return { answer, begun, finish };
}

describe('callers of one process', () => {
  test('with different sums do not share what was not checked', async () => {
    server.answers.push(whole(file));
    const unchecked = download();
    const checked = download({ sha256: '0'.repeat(64) });
    await expect(checked).rejects.toThrow(FormatError);
    expect(await unchecked).toEqual(file);
    expect(await download({ sha256: sum })).toEqual(file);
  });

  test.each([{ md5: '0'.repeat(32) }, { maxBytes: 10 }, { retries: 0 }, { timeout: 1 }])(
    'with %j beside a call without have their own download',
    async (option) => {
      const { answer, begun, finish } = halves();
      server.answers.push(answer);
      const plain = download();
      await begun;
      server.answers.splice(0, 1, whole(file));
      const other = download(option).then(
        (bytes) => bytes.length,
        (error) => error.name,
      );
      finish();
      expect(await plain).toEqual(file);
      expect(await other).toBe('md5' in option ? 'FormatError' : 'maxBytes' in option ? 'FileError' : file.length);
    },
  );

  test('each have their own signal: one that leaves does not end the download', async () => {
    const { answer, begun, finish } = halves();
    server.answers.push(answer);
    const [a, b] = [new AbortController(), new AbortController()];
    const [first, second, third] = [download({ signal: a.signal }), download({ signal: b.signal }), download()];
    await begun;
    const reason = new Error('mine');
    a.abort(reason);
    await expect(first).rejects.toBe(reason);
    b.abort();
    await expect(second).rejects.toMatchObject({ name: 'AbortError' });
    finish();
    expect(await third).toEqual(file);
    expect(server.requests.length).toBe(1);
  });

  test('the last one that leaves ends it; what arrived is gone on with', async () => {
    const { answer, begun } = halves();
    server.answers.push(answer);
    const stops = [new AbortController(), new AbortController()];
    const progressed = Promise.all(
      stops.map(
        ({ signal }) =>
          new Promise<void>((done) => {
            download({ signal, onProgress: () => done() }).catch(() => {});
          }),
      ),
    );
    await begun;
    await progressed;
    for (const stop of stops) stop.abort();
    await server.idle();
    server.answers.splice(0, 1, part(file, 3_000, V1));
    expect(await download()).toEqual(file);
    expect(server.ranges).toEqual([undefined, 'bytes=3000-']);
    expect(await files()).toEqual([expect.stringMatching(/-file.bin$/)]);
  });

  test('what onProgress throws is the caller’s alone, and unchanged', async () => {
    const { answer, finish } = halves();
    server.answers.push(answer);
    const mine = new TypeError('mine');
    const failing = download({
      onProgress: () => {
        throw mine;
      },
    });
    const other = download();
    await expect(failing).rejects.toBe(mine);
    finish();
    expect(await other).toEqual(file);
    expect(server.requests.length).toBe(1);
  });

  test('what onProgress throws ends a download of one caller, and leaves nothing open', async () => {
    const { answer } = halves();
    server.answers.push(answer);
    for (const thrown of [new Error('mine'), 'a text', null, undefined]) {
      const failing = download({
        onProgress: () => {
          throw thrown;
        },
      });
      await expect(
        failing.then(
          () => 'kept',
          (error) => error,
        ),
      ).resolves.toBe(thrown);
      await server.idle();
    }
    expect((await files()).filter((name) => name.endsWith('.lock'))).toEqual([]);
  });

  test('see progress of their own', async () => {
    server.answers.push(whole(file));
    const seen: number[][] = [[], []];
    await Promise.all(seen.map((list) => download({ onProgress: ({ received }) => list.push(received) })));
    for (const list of seen) expect(list.at(-1)).toBe(file.length);
  });

  test('each get bytes of their own', async () => {
    server.answers.push(whole(file));
    const [a, b] = await Promise.all([download(), download()]);
    a.fill(0);
    expect(b).toEqual(file);
    expect(server.requests.length).toBe(1);
  });

  test('a caller that aborted earlier sends no request', async () => {
    const reason = new Error('before');
    await expect(download({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(server.requests).toEqual([]);
  });
});

describe('an abort', () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

  test.each(['before the answer', 'in the middle', 'while waiting to repeat', 'while waiting for the lock'])(
    '%s ends all of it',
    async (moment) => {
      const before = timers();
      const stop = new AbortController();
      const { answer, begun } = halves();
      if (moment === 'before the answer') server.answers.push(() => stop.abort());
      if (moment === 'in the middle') server.answers.push(answer);
      if (moment === 'while waiting to repeat') {
        server.answers.push((_, response) => {
          response.writeHead(503).end();
          setTimeout(() => stop.abort(), 20);
        });
      }
      if (moment === 'while waiting for the lock') {
        server.answers.push(whole(file));
        await download();
        const [kept] = await files();
        await rm(join(cacheDirectory, kept));
        await writeFile(join(cacheDirectory, `${kept}.lock`), 'another host-1-0-x');
        setTimeout(() => stop.abort(), 100);
      }
      const wanted = download({ signal: stop.signal, retryDelay: 10_000 });
      if (moment === 'in the middle') {
        await begun;
        stop.abort();
      }
      await expect(wanted).rejects.toMatchObject({ name: 'AbortError' });
      await server.idle();
      await vi.waitFor(() => expect(timers()).toBeLessThanOrEqual(before));
      const left = (await files()).filter((name) => name.endsWith('.lock'));
      expect(left.length).toBe(moment === 'while waiting for the lock' ? 1 : 0);
    },
  );

  test('lets the process end', { timeout: 30_000 }, async () => {
    server.answers.push(() => {});
    const program = `const { datasets } = await import(${built});
      const stop = new AbortController();
      const wanted = datasets.cachedDownload(${JSON.stringify(url())}, { cacheDirectory: ${JSON.stringify(cacheDirectory)}, signal: stop.signal });
      setTimeout(() => stop.abort(), 300);
      await wanted.catch((error) => console.log(error.name));`;
    const { stdout } = await execute(process.execPath, ['--input-type=module', '-e', program], { timeout: 20_000 });
    expect(stdout.trim()).toBe('AbortError'); // far before the time-outs of 30 s and 60 s
  });
});

describe('several processes', () => {
  const program = (options = '') => `const { datasets } = await import(${built});
    const { createHash } = await import('node:crypto');
    const bytes = await datasets.cachedDownload(${JSON.stringify(url())}, { cacheDirectory: ${JSON.stringify(cacheDirectory)}, retryDelay: 1, ${options} });
    console.log(createHash('sha256').update(bytes).digest('hex'));`;
  const run = (options = '') =>
    execute(process.execPath, ['--input-type=module', '-e', program(options)]).then(({ stdout }) => stdout.trim());

  test('fetch a file once, also without a length', { timeout: 60_000 }, async () => {
    server.answers.push((_, response) => {
      response.writeHead(200, V1);
      let at = 0;
      const timer = setInterval(() => {
        response.write(file.subarray(at, at + 600));
        at += 600;
        if (at < file.length) return;
        clearInterval(timer);
        response.end();
      }, 100);
    });
    expect(await Promise.all([run(), run(), run()])).toEqual([sum, sum, sum]);
    expect(server.requests.length).toBe(1);
    expect((await files()).length).toBe(1);
  });

  test('continue the part of a killed process, whose lock is void', { timeout: 60_000 }, async () => {
    const { answer, begun } = halves();
    server.answers.push(answer);
    const child = spawn(process.execPath, ['--input-type=module', '-e', program('onProgress: () => console.log(1)')]);
    await begun;
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const left = await files();
    expect(left.some((name) => name.endsWith('.lock'))).toBe(true);
    expect(left.some((name) => name.endsWith('.part'))).toBe(true);
    server.answers.splice(0, 1, part(file, 3_000, V1));
    expect(await download()).toEqual(file);
    expect(server.ranges).toEqual([undefined, 'bytes=3000-']);
    expect((await files()).length).toBe(1);
  });

  test('take over where the one before failed', { timeout: 60_000 }, async () => {
    const { answer, begun } = halves();
    server.answers.push(answer, whole(file, V1));
    const stop = new AbortController();
    const first = download({ signal: stop.signal });
    await begun;
    const second = run();
    await vi.waitFor(async () => expect((await files()).some((name) => name.endsWith('.lock'))).toBe(true));
    stop.abort();
    await expect(first).rejects.toMatchObject({ name: 'AbortError' });
    expect(await second).toBe(sum);
  });

  test('and threads of one process, too', { timeout: 60_000 }, async () => {
    server.answers.push((_, response) => {
      response.writeHead(200, V1);
      response.write(file.subarray(0, 3_000));
      setTimeout(() => response.end(file.subarray(3_000)), 500);
    });
    const source = `import(${built}).then(async ({ datasets }) => {
      const { parentPort } = await import('node:worker_threads');
      parentPort.postMessage(await datasets.cachedDownload(${JSON.stringify(url())}, { cacheDirectory: ${JSON.stringify(cacheDirectory)} }));
    });`;
    const workers = [0, 1, 2].map(() => new Worker(source, { eval: true }));
    const results = await Promise.all(workers.map((worker) => once(worker, 'message')));
    for (const [bytes] of results) expect(new Uint8Array(bytes)).toEqual(file);
    expect(server.requests.length).toBe(1);
    await Promise.all(workers.map((worker) => worker.terminate()));
  });

  test('a lock of another host that nobody touches any more is taken over', async () => {
    server.answers.push(whole(file));
    await download();
    const [kept] = await files();
    const lock = join(cacheDirectory, `${kept}.lock`);
    await rm(join(cacheDirectory, kept));
    await writeFile(lock, '00000000-1-0-abcdefgh');
    const now = vi.spyOn(performance, 'now');
    try {
      const real = performance.now.bind(performance);
      expect(real).toBeDefined();
      let clock = 0;
      now.mockImplementation(() => clock);
      let isDone = false;
      const wanted = download().finally(() => {
        isDone = true;
      });
      // Touched each time that the holder lives.
      for (let i = 1; i <= 3; i++) {
        await new Promise((done) => setTimeout(done, 150));
        await utimes(lock, i, i);
        await new Promise((done) => setTimeout(done, 150));
        clock += 50_000;
      }
      expect(isDone).toBe(false);
      clock += 61_000;
      expect(await wanted).toEqual(file);
    } finally {
      now.mockRestore();
    }
    expect(await files()).toEqual([kept]);
  });

  test.each(['', 'no process', '{"pid":1}'])('a lock with the text %j is one of nobody known', async (text) => {
    server.answers.push(whole(file));
    await download();
    const [kept] = await files();
    await rm(join(cacheDirectory, kept));
    const lock = join(cacheDirectory, `${kept}.lock`);
    await writeFile(lock, text);
    const stop = new AbortController();
    const wanted = download({ signal: stop.signal });
    setTimeout(() => stop.abort(), 200);
    await expect(wanted).rejects.toMatchObject({ name: 'AbortError' });
    expect(await readFile(lock, 'utf8')).toBe(text);
  });
});
