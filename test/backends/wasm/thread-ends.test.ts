/**
 * No thread outlives its backend: concurrent and failing calls of `init`, workers and memory that cannot be had,
 * workers that hang. Oracle: the threads that the operating system lists for the process.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Tensor } from '../../../src/backends/primitives.js';
import { createWasmBackend } from '../../../src/backends/wasm/index.js';
import { startThreads } from '../../../src/backends/wasm/start-threads.js';
import { COUNT_MASK, Word } from '../../../src/backends/wasm/threads/protocol.js';
import { DeviceError } from '../../../src/errors.js';
import { alive, threads, unwatchWorkers, WatchedWorker, watchWorkers } from '../../support/watched-workers.js';

const isLinux = existsSync('/proc/self/task');

/** Runs the calls that its argument lists, and prints threads and bytes after each group of them. */
const PROGRAM = `
  import { readdirSync } from 'node:fs';
  import { setTimeout } from 'node:timers/promises';
  import { getRuntimeInfo, init, np, scope } from './src/index.ts';
  const count = () => readdirSync('/proc/self/task').length;
  await init({ threads: 4 });
  await init({ threads: 1 });
  const base = { tasks: count(), bytes: np.memory().devices.wasm.bytes };
  /** The operating system takes a moment to forget a thread. */
  const settled = async (wanted) => {
    for (let k = 0; k < 100 && count() - base.tasks !== wanted; k++) await setTimeout(20);
    return count() - base.tasks;
  };
  for (const group of JSON.parse(process.argv[2])) {
    const outcomes = await Promise.allSettled(group.map((options) => init(options)));
    const { threads } = getRuntimeInfo();
    const sum = scope(null, () => np.matmul(np.ones([300, 300]), np.ones([300, 300])).sum().item());
    console.log(JSON.stringify({
      threads: threads.count,
      extra: await settled(threads.count - 1),
      failed: outcomes.map(({ reason }) => reason?.name ?? ''),
      sum,
    }));
  }
  await init({ threads: 1 });
  console.log(JSON.stringify({
    extra: await settled(0),
    bytes: np.memory().devices.wasm.bytes - base.bytes,
    timers: process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length,
  }));
`;

let folder = '';
let program = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rensa-thread-ends-'));
  program = join(folder, 'program.mjs');
  const stdin = { contents: PROGRAM, resolveDir: process.cwd() };
  await build({ stdin, bundle: true, platform: 'node', format: 'esm', outfile: program, logLevel: 'error' });
}, 60_000);
afterAll(() => rm(folder, { recursive: true }));

const run = async (groups: readonly (readonly object[])[], flags: readonly string[] = []) => {
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, program, JSON.stringify(groups)], {
    timeout: 60_000,
  });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
};

const ok = (threads: number, failed: readonly string[]) => ({ threads, extra: threads - 1, failed, sum: 300 ** 3 });

const NOTHING_LEFT = { extra: 0, bytes: 0, timers: 0 };

describe.runIf(isLinux)('calls of init that are not awaited', () => {
  it('are carried out in order: the last one decides, and no other thread is left', async () => {
    const four = { threads: 4 };
    const groups = [
      [four, four, four],
      [four, { threads: 2 }, { threads: 3 }],
      [{ threads: 3 }, { threads: 1 }],
      [{ threads: 1 }, {}, { threads: 2 }, { device: 'wasm' }],
    ];
    expect(await run(groups)).toEqual([
      ok(4, ['', '', '']),
      ok(3, ['', '', '']),
      ok(1, ['', '']),
      ok(2, ['', '', '', '']),
      NOTHING_LEFT,
    ]);
  }, 90_000);

  it('may fail: those before and behind are carried out', async () => {
    const [two, three] = [{ threads: 2 }, { threads: 3 }];
    const groups = [
      [three, { threads: 0 }, two, { device: 'gpu' }],
      [{ bogus: 1 }, three, { threads: 1.5 }],
      [{ device: 'gpu', threads: 2 }, { device: 'webgl' }],
    ];
    expect(await run(groups)).toEqual([
      ok(2, ['', 'ValueError', '', 'DeviceError']),
      ok(3, ['TypeError', '', 'ValueError']),
      ok(3, ['DeviceError', 'DeviceError']),
      NOTHING_LEFT,
    ]);
  }, 90_000);

  it('find no workers where the process may have none, and no timer is left to wait for them', async () => {
    // Node 24 says --permission, and Node 20 the older name; each refuses to make workers.
    const flag = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission';
    expect(await run([[{ threads: 4 }]], [flag, '--allow-fs-read=*'])).toEqual([ok(1, ['']), NOTHING_LEFT]);
  }, 90_000);
});

afterEach(() => {
  unwatchWorkers();
  vi.unstubAllGlobals();
});

/** `x · 3` of so many elements that threads divide it. */
function triple(backend: ReturnType<typeof createWasmBackend>): boolean {
  const x: Tensor = { shape: [300_000], dtype: 'float32', memory: backend.alloc(300_000, 'float32') };
  try {
    backend.fill(x, 2);
    backend.binary('multiply', x, 3, x);
    return backend.readSync(x.memory).every((value) => value === 6);
  } finally {
    backend.free(x.memory);
  }
}

describe('resources that cannot be had', () => {
  it('some workers: the others compute', async () => {
    let asked = 0;
    threads.Worker = class extends WatchedWorker {
      constructor(...args: ConstructorParameters<typeof Worker>) {
        if (++asked > 1) throw new RangeError('no more threads');
        super(...args);
      }
    };
    const backend = createWasmBackend();
    const { bytes } = backend.stats();
    const reason = 'a worker could not be started: no more threads';
    expect(await startThreads(backend, 4)).toEqual({ count: 2, reason });
    expect(alive.size).toBe(1);
    expect(triple(backend)).toBe(true);
    expect(await startThreads(backend, 1)).toEqual({ count: 1, reason: null });
    expect([alive.size, backend.stats().bytes]).toEqual([0, bytes]);
  });

  it('workers that end before they have started', async () => {
    threads.Worker = class extends WatchedWorker {
      constructor(_: unknown, options: ConstructorParameters<typeof Worker>[1]) {
        super('process.exit(7)', options);
      }
    };
    const backend = createWasmBackend();
    const { bytes } = backend.stats();
    const reason = 'a worker could not be started: it ended with code 7';
    expect(await startThreads(backend, 3)).toEqual({ count: 1, reason });
    await vi.waitFor(() => expect(alive.size).toBe(0), { timeout: 10_000 });
    expect(backend.stats().bytes).toBe(bytes);
    watchWorkers();
    expect(await startThreads(backend, 2)).toEqual({ count: 2, reason: null });
    await startThreads(backend, 1);
    expect(alive.size).toBe(0);
  });

  it('shared memory, at any step: arrays stay, and it can be tried again', async () => {
    const backend = createWasmBackend();
    const kept = backend.alloc(3, 'float32');
    backend.write(kept, Float32Array.of(1, 2, 3));
    const { bytes } = backend.stats();
    const { Memory, Instance } = WebAssembly;
    const refuse = (name: 'Memory' | 'Instance') => {
      const refusing = class {
        constructor() {
          throw new RangeError(`no ${name}`);
        }
      };
      vi.stubGlobal('WebAssembly', Object.assign(Object.create(WebAssembly), { Memory, Instance, [name]: refusing }));
    };
    for (const name of ['Memory', 'Instance'] as const) {
      refuse(name);
      const use = await startThreads(backend, 2);
      vi.unstubAllGlobals();
      expect(use).toEqual({ count: 1, reason: `threads could not be started: no ${name}` });
      expect(triple(backend)).toBe(true);
    }
    watchWorkers();
    expect(await startThreads(backend, 2)).toEqual({ count: 2, reason: null });
    expect([...backend.readSync(kept)]).toEqual([1, 2, 3]);
    await startThreads(backend, 1);
    expect([alive.size, backend.stats().bytes]).toEqual([0, bytes]);
  });
});

/** A worker that takes a part of each job and never computes it. */
const HANGING = `
  const { parentPort } = require('node:worker_threads');
  parentPort.once('message', ({ board }) => {
    const words = new Int32Array(board);
    parentPort.postMessage({ ready: true });
    for (;;) {
      const tickets = Atomics.load(words, ${Word.Tickets});
      if (!(tickets & ${COUNT_MASK})) continue;
      if (Atomics.compareExchange(words, ${Word.Tickets}, tickets, tickets - 1) === tickets) Atomics.wait(words, ${Word.Patience}, words[${Word.Patience}]);
    }
  });
`;

it('a worker that hangs in a job is ended, the call throws, and later calls and threads work', async () => {
  threads.Worker = class extends WatchedWorker {
    constructor(_: unknown, options: ConstructorParameters<typeof Worker>[1]) {
      super(HANGING, options);
    }
  };
  const backend = createWasmBackend();
  const { bytes } = backend.stats();
  expect((await startThreads(backend, 2)).count).toBe(2);
  const until = Date.now() + 20_000;
  expect(() => {
    // The worker has to be the first at one of the parts.
    while (Date.now() < until) triple(backend);
  }).toThrow(DeviceError);
  expect(backend.threads?.count).toBe(1);
  expect(backend.threads?.reason).toMatch(/^a worker was lost while it computed '/);
  expect(triple(backend)).toBe(true);
  await vi.waitFor(() => expect(alive.size).toBe(0), { timeout: 10_000 });
  watchWorkers();
  expect(await startThreads(backend, 2)).toEqual({ count: 2, reason: null });
  expect(triple(backend)).toBe(true);
  await startThreads(backend, 1);
  expect([alive.size, backend.stats().bytes]).toEqual([0, bytes]);
}, 60_000);
