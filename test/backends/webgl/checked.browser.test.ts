/** Checked mode on WebGL2: every GL error is reported, with the name of the primitive that raised it. */
import { describe, expect, test } from 'vitest';
import { checkCalls } from '../../../src/backends/checked/index.js';
import type { Tensor } from '../../../src/backends/primitives.js';
import { createWebglBackend } from '../../../src/backends/webgl/index.js';
import { DeviceError, DeviceLostError, MemoryError } from '../../../src/errors.js';
import { contextOf } from '../../support/webgl-context.js';
import { dyingCanvas, failingCanvas } from './canvas-failing.js';

function checkedBackend(canvas = new OffscreenCanvas(1, 1)) {
  const backend = createWebglBackend({ canvas });
  checkCalls(backend, null);
  const tensor = (...shape: number[]): Tensor => {
    const size = shape.reduce((count, n) => count * n, 1);
    return { shape, dtype: 'float32', memory: backend.alloc(size, 'float32') };
  };
  return { backend, tensor };
}

test('correct calls give correct results', () => {
  const { backend, tensor } = checkedBackend();
  const [x, y, sum] = [tensor(6), tensor(6), tensor()];
  backend.write(x.memory, Float32Array.of(1, 2, 3, 4, 5, 6));
  backend.binary('multiply', x, 2, y);
  backend.reduce('sum', y, [0], sum);
  backend.copy(y, { offset: 5, strides: [-1] }, x, { offset: 0, strides: [1] }, [6]);
  expect(backend.readSync(sum.memory)[0]).toBe(42);
  expect([...backend.readSync(x.memory)]).toEqual([12, 10, 8, 6, 4, 2]);
});

describe('a command that fails', () => {
  test.each([
    ['INVALID_OPERATION', DeviceError],
    ['OUT_OF_MEMORY', MemoryError],
  ] as const)('%s in a draw is thrown by the primitive itself', (error, Class) => {
    const { canvas, fail } = failingCanvas();
    const { backend, tensor } = checkedBackend(canvas);
    const [x, y] = [tensor(6), tensor(6)];
    backend.fill(x, 1);
    fail('drawArrays', error);
    const call = () => backend.unary('negative', x, y);
    expect(call).toThrow(new RegExp(`webgl: unary: the GPU reports ${error}`));
    expect(call).toThrow(DeviceLostError); // x is given up
    backend.fill(x, 1);
    fail('drawArrays', error);
    expect(call).toThrow(Class);
    backend.fill(x, 1);
    call();
    expect(backend.readSync(y.memory)).toEqual(new Float32Array(6).fill(-1));
  });

  test('a GPU that is gone is noticed without a read', () => {
    const { canvas, die } = dyingCanvas();
    const { backend, tensor } = checkedBackend(canvas);
    const x = tensor(6);
    backend.fill(x, 1);
    die();
    expect(() => backend.fill(x, 2)).toThrow(DeviceLostError);
  });

  test('a framebuffer that is not complete', () => {
    const canvas = new OffscreenCanvas(1, 1);
    const { backend, tensor } = checkedBackend(canvas);
    const x = tensor(6);
    const gl = contextOf(canvas);
    gl.checkFramebufferStatus = () => gl.FRAMEBUFFER_INCOMPLETE_ATTACHMENT;
    expect(() => backend.fill(x, 1)).toThrow(/webgl: fill: the framebuffer that it draws to is not complete/);
  });
});

test('an array that is larger than its texture', () => {
  const { backend, tensor } = checkedBackend();
  const [x, small] = [tensor(6), tensor(6)];
  backend.fill(x, 1);
  // As if an operation in place had given it another array's texture.
  Object.assign(x.memory, { size: 17 });
  const call = () => backend.fill(small, 1);
  expect(call).toThrow(MemoryError);
  expect(call).toThrow('webgl: fill: an array of 17 elements of float32 reaches beyond its texture of 2×1 texels of 4');
});
