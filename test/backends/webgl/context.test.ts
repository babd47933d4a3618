/** The errors where WebGL2, or a part of it, is missing. */
import { expect, test } from 'vitest';
import { createWebglBackend } from '../../../src/backends/webgl/index.js';
import { DeviceError, ValueError } from '../../../src/errors.js';

/** A canvas that has this to give as its context. */
const canvasWith = (context: object | null) => ({ getContext: () => context }) as unknown as OffscreenCanvas;

test('without a canvas, as in Node, the error says what to use instead', () => {
  expect(() => createWebglBackend()).toThrow(DeviceError);
  expect(() => createWebglBackend()).toThrow(/no WebGL2 context.*wasm device/);
});

test('a canvas without WebGL2', () => {
  expect(() => createWebglBackend({ canvas: canvasWith(null) })).toThrow(DeviceError);
  expect(() => createWebglBackend({ canvas: canvasWith(null) })).toThrow(/no WebGL2 context/);
});

test('WebGL2 that cannot render to float textures', () => {
  const context = { texStorage2D: () => {}, getExtension: () => null, isContextLost: () => false };
  expect(() => createWebglBackend({ canvas: canvasWith(context) })).toThrow(DeviceError);
  expect(() => createWebglBackend({ canvas: canvasWith(context) })).toThrow(/EXT_color_buffer_float/);
});

test.each([
  { precision: 'junk' },
  { precision: null },
  { memoryBudget: -1 },
  { memoryBudget: Number.NaN },
  { memoryBudget: '1 GB' },
  { keepWritten: 'yes' },
])('%o is refused by name', (options) => {
  const make = () => createWebglBackend(options as object);
  expect(make).toThrow(ValueError);
  expect(make).toThrow(`webgl: ${Object.keys(options)[0]} is `);
});
