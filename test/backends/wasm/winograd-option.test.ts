/** `init({ winograd: false })`: NaN and infinities reach the outputs whose windows contain them. Oracle: a direct sum by hand. */
import { describe, expect, test } from 'vitest';
import type { Conv2dGeometry, Tensor } from '../../../src/backends/primitives.js';
import { createWasmBackend } from '../../../src/backends/wasm/index.js';
import { init } from '../../../src/index.js';

const GEOMETRY: Conv2dGeometry = { stride: [1, 1], pad: [1, 1], dilation: [1, 1], groups: 1 };
const [CHANNELS, OUTPUTS, SIDE] = [16, 32, 14];
/** The special pixel: row 6, column 6 of the first channel. */
const PIXEL = 6 * SIDE + 6;

/** Whether a 3×3 window around pixel `i` contains the special one. */
const isReached = (i: number) => Math.abs(Math.floor(i / SIDE) - 6) <= 1 && Math.abs((i % SIDE) - 6) <= 1;

function operands(winograd: boolean | undefined, value: number) {
  const backend = createWasmBackend(undefined, { winograd });
  const put = (shape: readonly number[], values: Float32Array): Tensor => {
    const memory = backend.alloc(values.length, 'float32');
    backend.write(memory, values);
    return { shape, dtype: 'float32', memory };
  };
  const image = (channels: number) => {
    const data = new Float32Array(channels * SIDE ** 2).fill(1);
    data[PIXEL] = value;
    return put([1, channels, SIDE, SIDE], data);
  };
  const w = put([OUTPUTS, CHANNELS, 3, 3], new Float32Array(OUTPUTS * CHANNELS * 9).fill(0.1));
  const blank = (channels: number) => put([1, channels, SIDE, SIDE], new Float32Array(channels * SIDE ** 2));
  /** The first channel of a result. */
  const plane = ({ memory }: Tensor) => Array.from(backend.readSync(memory).subarray(0, SIDE ** 2));
  return { backend, image, w, blank, plane };
}

describe.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('a pixel that is %f', (value) => {
  const expectOnlyWindows = (plane: readonly number[]) => {
    for (const [i, y] of plane.entries()) {
      if (isReached(i)) expect(y).toBe(value);
      else expect(Number.isFinite(y)).toBe(true);
    }
  };

  test('reaches nine outputs of a convolution', () => {
    const { backend, image, w, blank, plane } = operands(false, value);
    const out = blank(OUTPUTS);
    backend.conv2d(image(CHANNELS), w, null, GEOMETRY, out);
    expectOnlyWindows(plane(out));
  });

  test('reaches nine outputs of a prepared convolution', () => {
    const { backend, image, w, blank, plane } = operands(false, value);
    const out = blank(OUTPUTS);
    const call = backend.prepareConv2d?.(image(CHANNELS), w, null, GEOMETRY, out, {}, 'float32');
    call?.run();
    expect(call?.algorithm).not.toMatch(/winograd/);
    expectOnlyWindows(plane(out));
  });

  test('reaches nine gradients in the image', () => {
    const { backend, image, w, blank, plane } = operands(false, value);
    const out = blank(CHANNELS);
    backend.conv2dGradInput(image(OUTPUTS), w, GEOMETRY, out);
    expectOnlyWindows(plane(out));
  });

  test('reaches the gradients of one channel of filters', () => {
    const { backend, image, blank } = operands(false, value);
    const memory = backend.alloc(OUTPUTS * CHANNELS * 9, 'float32');
    const gradient: Tensor = { shape: [OUTPUTS, CHANNELS, 3, 3], dtype: 'float32', memory };
    const gy = blank(OUTPUTS);
    backend.fill(gy, 0.5);
    backend.conv2dGradWeight(image(CHANNELS), gy, GEOMETRY, gradient);
    for (const [i, y] of backend.readSync(memory).entries()) {
      if (Math.floor(i / 9) % CHANNELS === 0) expect(y).toBe(value);
      else expect(Number.isFinite(y)).toBe(true);
    }
  });

  test('spreads to the outputs of its tile by default', () => {
    const { backend, image, w, blank, plane } = operands(undefined, value);
    const out = blank(OUTPUTS);
    backend.conv2d(image(CHANNELS), w, null, GEOMETRY, out);
    expect(plane(out).filter(Number.isNaN).length).toBeGreaterThan(9);
  });
});

test('the option comes too late when something was computed', async () => {
  await init(); // the first device
  const { np } = await import('../../../src/index.js');
  np.zeros([1]);
  await expect(init({ winograd: false })).rejects.toThrow(/winograd.*already run/);
});
