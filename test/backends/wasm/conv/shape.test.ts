/** The bounds of the shapes for which Winograd's kernels apply. */
import { expect, test } from 'vitest';
import {
  adjointOf,
  type ConvolutionShape,
  isThreeByThree,
  MOST_WINOGRAD_CHANNELS,
} from '../../../../src/backends/wasm/conv/shape.js';

/** A convolution of 3 × 3 filters with so many channels, of x and of y. */
const shapeWith = (channels: number, outChannels: number): ConvolutionShape => ({
  batch: 1,
  groups: 1,
  channels,
  outChannels,
  size: [4, 4],
  outSize: [4, 4],
  kernel: [3, 3],
  geometry: { stride: [1, 1], pad: [1, 1], dilation: [1, 1], groups: 1 },
  isPrepared: false,
});

/** The most tiles of a block: MOST_TILES and GRADIENT_TILES in calls/winograd.ts. */
const TILES = 96;

test("the bytes of one place of a block fit 32 bits with the most channels that Winograd's kernels accept", () => {
  const panel = 8 * 4 * MOST_WINOGRAD_CHANNELS + 64;
  expect((TILES / 8) * panel + 64).toBeLessThan(2 ** 32);
});

test.each([
  ['x', (channels: number) => shapeWith(channels, 1)],
  ['y', (channels: number) => shapeWith(1, channels)],
])("Winograd's kernels refuse more channels of %s, in all directions", (_, shape) => {
  for (const direction of [(given: ConvolutionShape) => given, adjointOf]) {
    expect(isThreeByThree(direction(shape(MOST_WINOGRAD_CHANNELS)))).toBe(true);
    expect(isThreeByThree(direction(shape(MOST_WINOGRAD_CHANNELS + 1)))).toBe(false);
  }
});
