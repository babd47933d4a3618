/** Workspaces and packed weights are as large as kernels say: no kernel writes beside them, whatever the shape. */
import { afterEach, describe, expect, test } from 'vitest';
import type { Conv2dGeometry, Tensor } from '../../../src/backends/primitives.js';
import { CONVOLUTION_ALGORITHMS } from '../../../src/backends/wasm/conv/algorithms.js';
import { HeapGuards } from '../../../src/backends/wasm/guarded-heap.js';
import { createWasmBackend } from '../../../src/backends/wasm/index.js';
import { bestVariant } from '../../../src/backends/wasm/loader.js';
import { MemoryError } from '../../../src/errors.js';
import { Samples } from '../../support/samples.js';

const FORMATS = ['float32', 'float16', 'int8'] as const;

/** A backend with guards around every block, workspaces among them, and tensors in it. */
function guarded(options?: Parameters<typeof createWasmBackend>[1]) {
  const backend = createWasmBackend(bestVariant(), options);
  new HeapGuards(backend);
  const samples = new Samples();
  const tensors: Tensor[] = [];
  const tensor = (...shape: number[]): Tensor => {
    const { values } = samples.uniform(shape, 'float32');
    const made: Tensor = { shape, dtype: 'float32', memory: backend.alloc(values.length, 'float32') };
    backend.write(made.memory, Float32Array.from(values));
    tensors.push(made);
    return made;
  };
  const free = () => {
    for (const { memory } of tensors.splice(0)) backend.free(memory);
  };
  return { backend, tensor, free };
}

describe('products', () => {
  const { backend, tensor, free } = guarded();
  afterEach(free);

  test.each([
    [1, 1, 1],
    [1, 9, 7],
    [5, 8, 3],
    [6, 9, 321],
    [3, 1030, 5],
    [161, 1025, 2],
    [40, 7, 643],
  ])('%i × %i, sums of %i', (m, n, k) => {
    for (const [transA, transB] of [
      [false, false],
      [true, false],
      [false, true],
    ]) {
      const a = transA ? tensor(1, k, m) : tensor(1, m, k);
      const b = transB ? tensor(1, n, k) : tensor(1, k, n);
      const out = tensor(1, m, n);
      const bias = tensor(n);
      backend.matmul(a, b, out, { transA, transB, bias });
      for (const format of FORMATS) {
        const call = backend.prepareMatmul(a, b, out, { transA, transB, bias }, format);
        call.run();
        call.free();
      }
      expect(backend.readSync(out.memory).every(Number.isFinite)).toBe(true);
    }
  });
});

/** Shapes of x and of the filters, and what the geometry has beyond its defaults. */
interface Case {
  readonly x: readonly [number, number, number, number];
  readonly w: readonly [number, number, number, number];
  readonly geometry?: Partial<Conv2dGeometry>;
}

const CONVOLUTIONS: readonly Case[] = [
  { x: [1, 1, 1, 1], w: [1, 1, 1, 1] },
  { x: [7, 3, 5, 4], w: [6, 3, 5, 4] },
  { x: [2, 6, 9, 7], w: [9, 2, 3, 2], geometry: { groups: 3, pad: [2, 1] } },
  { x: [1, 5, 13, 11], w: [7, 5, 3, 3], geometry: { pad: [1, 1] } },
  { x: [9, 3, 6, 5], w: [4, 3, 3, 3], geometry: { pad: [2, 0] } },
  { x: [1, 2, 41, 37], w: [53, 2, 3, 3], geometry: { pad: [1, 1] } },
  { x: [2, 333, 3, 3], w: [11, 333, 1, 1] },
  { x: [1, 40, 4, 5], w: [330, 40, 3, 3], geometry: { pad: [1, 1] } },
  { x: [1, 3, 17, 700], w: [5, 3, 2, 5], geometry: { stride: [3, 2], pad: [1, 4] } },
  { x: [2, 6, 15, 19], w: [12, 1, 3, 4], geometry: { groups: 6, stride: [2, 3], pad: [2, 1], dilation: [2, 1] } },
  { x: [1, 4, 9, 33], w: [4, 1, 5, 5], geometry: { groups: 4, pad: [2, 2] } },
  { x: [1, 3, 2, 1], w: [6, 1, 1, 3], geometry: { groups: 3, pad: [0, 2], dilation: [1, 2] } },
];

describe.each([undefined, ...CONVOLUTION_ALGORITHMS])('convolutions by %s', (convolution) => {
  const { backend, tensor, free } = guarded({ convolution });
  afterEach(free);

  test.each(CONVOLUTIONS)('x $x, w $w, $geometry', ({ x: xShape, w: wShape, geometry: given }) => {
    const geometry: Conv2dGeometry = { stride: [1, 1], pad: [0, 0], dilation: [1, 1], groups: 1, ...given };
    const { stride, pad, dilation } = geometry;
    const [oh, ow] = [0, 1].map(
      (axis) =>
        Math.floor((xShape[2 + axis] + 2 * pad[axis] - dilation[axis] * (wShape[2 + axis] - 1) - 1) / stride[axis]) + 1,
    );
    const [x, w, bias] = [tensor(...xShape), tensor(...wShape), tensor(wShape[0])];
    const [y, residual] = [tensor(xShape[0], wShape[0], oh, ow), tensor(xShape[0], wShape[0], oh, ow)];
    const epilogue = { activation: 'relu', residual } as const;
    backend.conv2d(x, w, bias, geometry, y, epilogue);
    for (const format of FORMATS) {
      const call = backend.prepareConv2d(x, w, bias, geometry, y, epilogue, format);
      call.run();
      call.free();
    }
    backend.conv2dGradInput(y, w, geometry, x);
    backend.conv2dGradWeight(x, y, geometry, w);
    expect(backend.readSync(w.memory).every(Number.isFinite)).toBe(true);
  });
});

test('average pooling by taps', () => {
  const { backend, tensor, free } = guarded();
  for (const stride of [1, 2, 3]) {
    const size = Math.floor((23 - 5) / stride) + 1;
    const [x, y] = [tensor(2, 3, 23, 23), tensor(2, 3, size, size)];
    const geometry = { ksize: [5, 5], stride: [stride, stride], pad: [0, 0] } as const;
    backend.averagePool2d(x, geometry, y);
    backend.averagePool2dGrad(y, geometry, x);
    expect(backend.readSync(x.memory).every(Number.isFinite)).toBe(true);
  }
  free();
});

test('a workspace larger than all of memory is refused', () => {
  const { backend, tensor, free } = guarded({ convolution: 'im2col' });
  const w = tensor(1, 1, 1, 1);
  const wide: Tensor = { ...tensor(1), shape: [1, 1, 1, 2 ** 28] };
  const geometry = { stride: [1, 1], pad: [0, 0], dilation: [1, 1], groups: 1 } as const;
  expect(() => backend.conv2dGradWeight(wide, wide, geometry, w)).toThrow(MemoryError);
  free();
});
