/** Threads compute the same bits as one thread. Starting, ending and losing threads leaves arrays unchanged. */
import { afterAll, describe, expect, it } from 'vitest';
import type { Backend } from '../../src/backends/backend.js';
import type { Tensor, TypedArray } from '../../src/backends/primitives.js';
import { createWasmBackend } from '../../src/backends/wasm/index.js';
import { startThreads } from '../../src/backends/wasm/start-threads.js';
import { checkAtLoad } from '../../src/ndarray/checked-at-load.js';

const alone = createWasmBackend();
const threaded = createWasmBackend();
checkAtLoad?.(threaded);
const kept = threaded.alloc(3, 'float32');
threaded.write(kept, Float32Array.of(1, 2, 3));
const use = await startThreads(threaded, 3);
afterAll(() => startThreads(threaded, 1));

/** Numbers in [−1, 1) that follow from a seed. */
function numbers(n: number, seed: number): Float32Array {
  const values = new Float32Array(n);
  let state = seed;
  for (let i = 0; i < n; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    values[i] = state / 2 ** 31;
  }
  return values;
}

const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

interface Desk {
  readonly backend: Backend;
  put(...shape: number[]): Tensor;
  blank(...shape: number[]): Tensor;
  blankOf(dtype: Tensor['dtype'], ...shape: number[]): Tensor;
}

/** What `compute` gives on a backend; everything is freed. */
function run(backend: Backend, compute: (desk: Desk) => readonly Tensor[]): TypedArray[] {
  const tensors: Tensor[] = [];
  const { blocks } = backend.stats();
  const blankOf = (dtype: Tensor['dtype'], ...shape: number[]): Tensor => {
    const tensor = { shape, dtype, memory: backend.alloc(sizeOf(shape), dtype) };
    tensors.push(tensor);
    return tensor;
  };
  const desk: Desk = {
    backend,
    blankOf,
    blank: (...shape) => blankOf('float32', ...shape),
    put: (...shape) => {
      const tensor = blankOf('float32', ...shape);
      backend.write(tensor.memory, numbers(sizeOf(shape), tensors.length));
      return tensor;
    },
  };
  const results = compute(desk).map(({ memory }) => backend.readSync(memory));
  for (const { memory } of tensors) backend.free(memory);
  expect(backend.stats().blocks, 'blocks left').toBe(blocks);
  return results;
}

const CASES: Record<string, (desk: Desk) => readonly Tensor[]> = {
  'a unary function': ({ backend, put, blank }) => {
    const [x, out] = [put(300_007), blank(300_007)];
    backend.unary('exp', x, out);
    return [out];
  },
  'a unary function that fills a bool': ({ backend, put, blankOf }) => {
    const [x, out] = [put(300_007), blankOf('bool', 300_007)];
    backend.unary('isNan', x, out);
    return [out];
  },
  'a binary function, a comparison, and one with a number, in place': ({ backend, put, blank, blankOf }) => {
    const [a, b, sum, less] = [put(200_003), put(200_003), blank(200_003), blankOf('bool', 200_003)];
    backend.binary('arctan2', a, b, sum);
    backend.binary('less', a, b, less);
    backend.binary('multiply', 3, a, a);
    return [sum, less, a];
  },
  'a cast': ({ backend, put, blankOf }) => {
    const [x, out] = [put(300_007), blankOf('float64', 300_007)];
    backend.cast(x, out);
    return [out];
  },
  'an update': ({ backend, put }) => {
    const [p, g, m] = [put(200_003), put(200_003), put(200_003)];
    backend.update('momentumSgd', p, g, [m], [0.1, 0.9]);
    return [p, m];
  },
  'softmax and positions of maxima': ({ backend, put, blank, blankOf }) => {
    const [x, out, at] = [put(600, 7, 30), blank(600, 7, 30), blankOf('int32', 600, 30)];
    backend.softmax(x, 1, false, out);
    backend.argReduce('argmax', x, 1, at);
    return [out, at];
  },
  'pooling and its adjoints': ({ backend, put, blank, blankOf }) => {
    const geometry = { ksize: [3, 3], stride: [2, 2], pad: [1, 1] } as const;
    const [x, out, at] = [put(5, 13, 63, 62), blank(5, 13, 32, 32), blankOf('int32', 5, 13, 32, 32)];
    const [gx, again, mean, gmean] = [
      blank(5, 13, 63, 62),
      blank(5, 13, 32, 32),
      blank(5, 13, 32, 32),
      blank(5, 13, 63, 62),
    ];
    backend.maxPool2d(x, geometry, out, at);
    backend.maxPool2dGrad(out, at, geometry, gx);
    backend.maxPool2dGather(x, at, geometry, again);
    backend.averagePool2d(x, geometry, mean);
    backend.averagePool2dGrad(mean, geometry, gmean);
    return [out, at, gx, again, mean, gmean];
  },
};

for (const [batch, m, n, k] of [
  [1, 211, 130, 97],
  [7, 61, 83, 97],
  [1, 1, 4003, 1027],
  [1, 7, 1024, 515],
  [1, 11, 2003, 1030],
  [1, 11, 1, 100_003],
]) {
  for (const transA of [false, true]) {
    for (const transB of [false, true]) {
      CASES[`a product of ${batch}×${m}×${n}×${k}${transA ? ', A transposed' : ''}${transB ? ', B transposed' : ''}`] =
        ({ backend, put, blank }) => {
          const a = transA ? put(batch, k, m) : put(batch, m, k);
          const b = transB ? put(batch, n, k) : put(batch, k, n);
          const [bias, residual, out] = [put(n), put(batch, m, n), blank(batch, m, n)];
          backend.matmul(a, b, out, { transA, transB, bias, residual, activation: 'relu' });
          return [out];
        };
    }
  }
}

for (const [batch, groups, channels, outChannels, size, kernel, stride] of [
  [1, 1, 32, 67, 29, 3, 1],
  [1, 1, 32, 67, 29, 3, 2],
  [1, 1, 64, 129, 28, 1, 1],
  [5, 1, 24, 33, 21, 3, 1],
  [5, 1, 24, 33, 21, 5, 2],
  [1, 4, 32, 64, 21, 3, 2],
  [1, 96, 96, 96, 57, 3, 1],
]) {
  CASES[
    `a convolution of ${batch}×${channels}×${size}² by ${outChannels}, ${kernel}², stride ${stride}, ${groups} groups`
  ] = ({ backend, put, blank }) => {
    const pad = kernel >> 1;
    const after = Math.floor((size + 2 * pad - kernel) / stride) + 1;
    const geometry = { stride: [stride, stride], pad: [pad, pad], dilation: [1, 1], groups } as const;
    const x = put(batch, channels, size, size);
    const w = put(outChannels, channels / groups, kernel, kernel);
    const [bias, residual] = [put(outChannels), put(batch, outChannels, after, after)];
    const [y, gx, gw] = [blank(...residual.shape), blank(...x.shape), blank(...w.shape)];
    backend.conv2d(x, w, bias, geometry, y, { activation: 'relu', residual });
    backend.conv2dGradInput(residual, w, geometry, gx);
    backend.conv2dGradWeight(x, residual, geometry, gw);
    return [y, gx, gw];
  };
}

for (const format of ['float32', 'float16', 'int8'] as const) {
  for (const [groups, kernel, stride, size, outChannels] of [
    [1, 1, 1, 14, 130],
    [1, 1, 1, 60, 130],
    [1, 3, 2, 57, 67],
    [1, 3, 1, 58, 67],
    [1, 3, 1, 9, 290],
    [4, 3, 2, 57, 68],
    [64, 3, 1, 57, 64],
  ]) {
    CASES[
      `a prepared convolution of 1×64×${size}² by ${outChannels}, ${kernel}², stride ${stride}, ${groups} groups, ${format}`
    ] = ({ backend, put, blank }) => {
      const pad = kernel >> 1;
      const after = Math.floor((size + 2 * pad - kernel) / stride) + 1;
      const geometry = { stride: [stride, stride], pad: [pad, pad], dilation: [1, 1], groups } as const;
      const [x, w] = [put(1, 64, size, size), put(outChannels, 64 / groups, kernel, kernel)];
      const [bias, residual] = [put(outChannels), put(1, outChannels, after, after)];
      const y = blank(...residual.shape);
      const call = backend.prepareConv2d?.(x, w, bias, geometry, y, { activation: 'relu', residual }, format);
      call?.run();
      call?.run();
      call?.free();
      return [y];
    };
  }
  for (const m of [1, 6, 37]) {
    CASES[`a prepared product of ${m}×1003×2049, ${format}`] = ({ backend, put, blank }) => {
      const [x, w, bias, residual, y] = [
        put(1, m, 1003),
        put(1, 2049, 1003),
        put(2049),
        put(1, m, 2049),
        blank(1, m, 2049),
      ];
      const call = backend.prepareMatmul?.(x, w, y, { transB: true, bias, residual, activation: 'relu' }, format);
      call?.run();
      call?.run();
      call?.free();
      return [y];
    };
  }
}

describe('threads', () => {
  it('are as many as requested', () => {
    expect(use).toEqual({ count: 3, reason: null });
    expect(threaded.threads).toEqual(use);
  });

  it('leave earlier arrays unchanged', () => {
    expect([...threaded.readSync(kept)]).toEqual([1, 2, 3]);
  });

  for (const [name, compute] of Object.entries(CASES)) {
    it(`compute ${name} as one thread does`, () => {
      expect(run(threaded, compute)).toEqual(run(alone, compute));
    });
  }

  it('compute many small jobs, one after another, without taking memory', () => {
    const x = { shape: [70_000], dtype: 'float32', memory: threaded.alloc(70_000, 'float32') } as const;
    threaded.fill(x, 0);
    const { bytes, reserved } = threaded.stats();
    for (let i = 0; i < 3000; i++) threaded.binary('add', x, 1, x);
    expect(threaded.stats()).toMatchObject({ bytes, reserved });
    expect(threaded.readSync(x.memory).every((value) => value === 3000)).toBe(true);
    threaded.free(x.memory);
  });

  it('see memory that was allocated after they started', () => {
    const n = threaded.stats().reserved / 4;
    const x = { shape: [n], dtype: 'float32', memory: threaded.alloc(n, 'float32') } as const;
    threaded.fill(x, 1);
    threaded.binary('add', x, 1, x);
    expect(threaded.readSync(x.memory).every((value) => value === 2)).toBe(true);
    threaded.free(x.memory);
  });

  it('run prepared calls without taking memory', () => {
    const tensor = (...shape: number[]): Tensor => ({
      shape,
      dtype: 'float32',
      memory: threaded.alloc(sizeOf(shape), 'float32'),
    });
    const [x, w, y] = [tensor(1, 64, 28, 28), tensor(128, 64, 3, 3), tensor(1, 128, 28, 28)];
    for (const operand of [x, w]) threaded.fill(operand, 0.5);
    const geometry = { stride: [1, 1], pad: [1, 1], dilation: [1, 1], groups: 1 } as const;
    const call = threaded.prepareConv2d?.(x, w, null, geometry, y, {}, 'float32');
    call?.run();
    const before = threaded.stats();
    for (let i = 0; i < 50; i++) call?.run();
    expect(threaded.stats()).toEqual(before);
    call?.free();
    for (const { memory } of [x, w, y]) threaded.free(memory);
  });

  it('end, and start again', async () => {
    const backend = createWasmBackend();
    const { blocks } = backend.stats();
    await startThreads(backend, 2);
    expect(await startThreads(backend, 1)).toEqual({ count: 1, reason: null });
    expect(backend.stats().blocks).toBe(blocks);
    expect(await startThreads(backend, 2)).toEqual({ count: 2, reason: null });
    expect(run(backend, CASES['a cast'])).toEqual(run(alone, CASES['a cast']));
    await startThreads(backend, 1);
  });

  it('are refused in other numbers', async () => {
    await expect(startThreads(threaded, 0)).rejects.toThrow("0 is neither a positive integer nor 'auto'");
  });
});
