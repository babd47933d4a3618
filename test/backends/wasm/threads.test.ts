/** Threads that cannot start, threads that are lost, and threads that let the process end. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Tensor } from '../../../src/backends/primitives.js';
import { kernelImports } from '../../../src/backends/wasm/imports.js';
import { createWasmBackend } from '../../../src/backends/wasm/index.js';
import { compileShared } from '../../../src/backends/wasm/inlined/shared-memory.js';
import type { Kernels } from '../../../src/backends/wasm/loader.js';
import { startThreads } from '../../../src/backends/wasm/start-threads.js';
import { COUNT_MASK, Word } from '../../../src/backends/wasm/threads/protocol.js';
import { Team } from '../../../src/backends/wasm/threads/team.js';
import { DeviceError } from '../../../src/errors.js';

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('threads that cannot be had', () => {
  it('without shared memory', async () => {
    vi.stubGlobal('SharedArrayBuffer', undefined);
    const use = await startThreads(createWasmBackend(), 2);
    expect(use).toEqual({ count: 1, reason: 'this runtime has no shared memory' });
  });
});

/** Takes a part as a worker does, and ends instead of computing it. */
const DESERTER = `
  const { workerData, parentPort } = require('node:worker_threads');
  const words = new Int32Array(workerData);
  parentPort.postMessage('ready');
  for (;;) {
    const tickets = Atomics.load(words, ${Word.Tickets});
    if (!(tickets & ${COUNT_MASK})) continue;
    if (Atomics.compareExchange(words, ${Word.Tickets}, tickets, tickets - 1) === tickets) process.exit();
  }
`;

describe('threads that are lost', () => {
  it('in the middle of a job end it with an error, and the caller goes on alone', async () => {
    const module = await compileShared('simd');
    const memory = new WebAssembly.Memory({ initial: 256, maximum: 65_536, shared: true });
    const kernels = new WebAssembly.Instance(module, kernelImports(memory)).exports as unknown as Kernels;
    const team = new Team(module, kernels, { milliseconds: 100, times: 5 });
    const deserter = new Worker(DESERTER, { eval: true, workerData: team.board });
    await new Promise((resolve) => deserter.once('message', resolve));
    team.size = 2;
    const at = Math.ceil(kernels.heapBase() / 64) * 64;
    const n = 1 << 20;
    const parts = [0, 1, 2, 3].map((i) => [0, at + i * n, at + 4 * n + i * n, n / 4]);
    const until = Date.now() + 20_000;
    expect(() => {
      while (Date.now() < until) team.run('unaryF32', parts);
    }).toThrow(DeviceError);
    expect(team.size).toBe(1);
    team.run('unaryF32', parts);
    await deserter.terminate();
  }, 30_000);

  it('between jobs are counted, and later jobs run without them', async () => {
    const threads: { Worker: typeof Worker } = process.getBuiltinModule('node:worker_threads');
    const started: Worker[] = [];
    class Watched extends Worker {
      constructor(...args: ConstructorParameters<typeof Worker>) {
        super(...args);
        started.push(this);
      }
    }
    const backend = createWasmBackend();
    threads.Worker = Watched;
    try {
      expect(await startThreads(backend, 2)).toEqual({ count: 2, reason: null });
    } finally {
      threads.Worker = Worker;
    }
    await started[0].terminate();
    const isAlone = () => expect(backend.threads).toEqual({ count: 1, reason: 'a worker ended' });
    await vi.waitFor(isAlone, { timeout: 10_000 });
    const x: Tensor = { shape: [300_000], dtype: 'float32', memory: backend.alloc(300_000, 'float32') };
    backend.fill(x, 2);
    backend.binary('multiply', x, 3, x);
    expect(backend.readSync(x.memory).every((value) => value === 6)).toBe(true);
  });
});

it('a process with threads ends by itself', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rensa-threads-'));
  try {
    const program = `
      import { getRuntimeInfo, init, np } from './src/index.ts';
      await init({ threads: 2 });
      const x = np.ones([600, 600]);
      console.log(getRuntimeInfo().threads.count, np.matmul(x, x).sum().item());
    `;
    const outfile = join(folder, 'program.mjs');
    await build({
      stdin: { contents: program, resolveDir: process.cwd() },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile,
      logLevel: 'error',
    });
    const { stdout } = await promisify(execFile)(process.execPath, [outfile], { timeout: 20_000 });
    expect(stdout.trim()).toBe(`2 ${600 ** 3}`);
  } finally {
    await rm(folder, { recursive: true });
  }
}, 40_000);
