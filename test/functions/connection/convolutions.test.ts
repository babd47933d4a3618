/** Convolutions of all kinds against their definition. */
import { describe, expect, it } from 'vitest';
import { DTypeError, F, np, ShapeError, ValueError, type Variable } from '../../../src/index.js';
import { checkFunction } from '../../support/function-harness.js';
import { convolve, deconvolve, elementOf, filled } from '../../support/oracle/windows.js';

interface Case {
  x: readonly number[];
  W: readonly number[];
  b?: readonly number[];
  stride?: number | readonly number[];
  pad?: number | readonly number[];
  dilate?: number | readonly number[];
  groups?: number;
  coverAll?: boolean;
  outsize?: number | readonly number[];
}

const each = (size: number | readonly number[], n: number) =>
  typeof size === 'number' ? new Array<number>(n).fill(size) : size;

/** A title such as `x (1,2,3) W (2,2,2) stride 2`. */
const title = (fn: string, c: Case) =>
  `${fn} ${Object.entries(c)
    .map(([key, value]) => `${key} ${Array.isArray(value) ? `(${value})` : value}`)
    .join(' ')}`;

const FORWARD: readonly Case[] = [
  { x: [2, 3, 5], W: [4, 3, 3], b: [4], stride: 2, pad: 1 },
  { x: [1, 4, 8], W: [6, 2, 2], b: [6], groups: 2, dilate: 3 },
  { x: [1, 2, 6], W: [2, 2, 3], stride: 2, coverAll: true },
  { x: [2, 3, 5, 6], W: [2, 3, 3, 3], b: [2], pad: 1 },
  { x: [1, 2, 7, 6], W: [3, 2, 2, 3], b: [3], stride: [2, 1], pad: [0, 2] },
  { x: [2, 4, 6, 5], W: [6, 2, 3, 2], b: [6], groups: 2, stride: 2 },
  { x: [1, 3, 4, 4], W: [3, 1, 3, 3], groups: 3, pad: 1 },
  { x: [1, 2, 9, 8], W: [2, 2, 3, 2], b: [2], dilate: [3, 2], pad: [2, 1] },
  { x: [2, 2, 6, 6], W: [2, 2, 3, 3], b: [2], stride: 2, coverAll: true },
  { x: [1, 2, 8, 7], W: [2, 2, 3, 2], stride: 3, pad: 1, coverAll: true },
  { x: [1, 1, 1, 1], W: [1, 1, 1, 1], b: [1] },
  { x: [0, 2, 4, 4], W: [3, 2, 3, 3], b: [3] },
  { x: [1, 2, 3, 4, 5], W: [2, 2, 2, 3, 3], b: [2], pad: [0, 1, 1], stride: [1, 2, 1] },
  { x: [1, 4, 3, 3, 4], W: [4, 2, 2, 2, 2], groups: 2, dilate: [1, 2, 1] },
  { x: [1, 1, 4, 4, 4], W: [2, 1, 3, 3, 3], b: [2], stride: 2, coverAll: true },
  { x: [1, 1, 2, 2, 2, 3], W: [1, 1, 2, 1, 2, 2], b: [1] },
];

for (const c of FORWARD) {
  const { x, W, b, stride = 1, pad = 0, dilate = 1, groups = 1, coverAll = false } = c;
  const axes = x.length - 2;
  const geometry = { stride: each(stride, axes), pad: each(pad, axes), dilate: each(dilate, axes) };
  checkFunction({
    name: title('convolutionNd', c),
    fn: (x, W, b?: Variable) => F.convolutionNd(x, W, b ?? null, stride, pad, { dilate, groups, coverAll }),
    inputs: [x, W, ...(b ? [b] : [])],
    forward: (x, W, b) => convolve(x, W, b, geometry, groups, coverAll),
  });
}

const convolutions = [F.convolution1d, F.convolution2d, F.convolution3d];
[0, 4, 12].forEach((at, i) => {
  const { x, W, b = [], stride = 1, pad = 0 } = FORWARD[at];
  const axes = i + 1;
  checkFunction({
    name: title(convolutions[i].name, FORWARD[at]),
    fn: (x, W, b) => convolutions[i](x, W, b, stride, pad),
    inputs: [x, W, b],
    forward: (x, W, b) => convolve(x, W, b, { stride: each(stride, axes), pad: each(pad, axes) }),
  });
});

const BACKWARD: readonly (Case & { lengths: readonly number[] })[] = [
  { x: [2, 3, 4], W: [3, 2, 4], b: [2], stride: 2, pad: 1, lengths: [8] },
  { x: [2, 3, 3, 4], W: [3, 2, 2, 3], b: [2], stride: [2, 1], pad: [0, 1], lengths: [6, 4] },
  { x: [1, 4, 3, 2], W: [4, 3, 3, 2], b: [6], groups: 2, stride: 2, lengths: [7, 4] },
  { x: [1, 2, 3, 3], W: [2, 2, 3, 3], dilate: 2, lengths: [7, 7] },
  // The sizes between the smallest and what a covering convolution gives.
  { x: [1, 2, 3, 3], W: [2, 2, 3, 3], stride: 2, pad: 1, outsize: [6, 5], lengths: [6, 5] },
  { x: [1, 2, 3, 3], W: [2, 1, 3, 3], b: [1], stride: 3, outsize: [8, 10], lengths: [8, 10] },
  { x: [0, 2, 3, 3], W: [2, 1, 2, 2], b: [1], lengths: [4, 4] },
  { x: [1, 2, 2, 3, 2], W: [2, 2, 2, 2, 3], b: [2], stride: 2, pad: [0, 1, 0], lengths: [4, 4, 5] },
  { x: [1, 4, 2, 2, 2], W: [4, 1, 2, 2, 2], groups: 2, lengths: [3, 3, 3] },
  { x: [1, 1, 2, 2, 2], W: [1, 1, 2, 2, 2], stride: 2, outsize: 5, lengths: [5, 5, 5] },
];

for (const { lengths, ...c } of BACKWARD) {
  const { x, W, b, stride = 1, pad = 0, dilate = 1, groups = 1, outsize = null } = c;
  const axes = x.length - 2;
  const geometry = { stride: each(stride, axes), pad: each(pad, axes), dilate: each(dilate, axes) };
  checkFunction({
    name: title('deconvolutionNd', c),
    fn: (x, W, b?: Variable) => F.deconvolutionNd(x, W, b ?? null, stride, pad, { dilate, groups, outsize }),
    inputs: [x, W, ...(b ? [b] : [])],
    forward: (x, W, b) => deconvolve(x, W, b, geometry, lengths, groups),
  });
}

const deconvolutions = [F.deconvolution1d, F.deconvolution2d, F.deconvolution3d];
[0, 1, 7].forEach((at, i) => {
  const { lengths, ...c } = BACKWARD[at];
  const { x, W, b = [], stride = 1, pad = 0 } = c;
  const axes = i + 1;
  checkFunction({
    name: title(deconvolutions[i].name, c),
    fn: (x, W, b) => deconvolutions[i](x, W, b, stride, pad),
    inputs: [x, W, b],
    forward: (x, W, b) => deconvolve(x, W, b, { stride: each(stride, axes), pad: each(pad, axes) }, lengths),
  });
});

checkFunction({
  name: 'depthwiseConvolution2d',
  fn: (x, W, b) => F.depthwiseConvolution2d(x, W, b, [1, 2], [1, 0]),
  inputs: [[2, 2, 5, 6], [3, 2, 2, 3], [6]],
  forward(x, W, b) {
    const [multiplier, channels, ...ksize] = W.shape;
    const apart = filled([channels * multiplier, 1, ...ksize], ([o, , ...position]) =>
      elementOf(W, [o % multiplier, Math.floor(o / multiplier), ...position]),
    );
    return convolve(x, apart, b, { stride: [1, 2], pad: [1, 0] }, channels);
  },
});

checkFunction({
  name: 'dilatedConvolution2d',
  fn: (x, W) => F.dilatedConvolution2d(x, W, null, 2, 1, [2, 1], { coverAll: true }),
  inputs: [
    [1, 2, 8, 6],
    [2, 2, 3, 2],
  ],
  forward: (x, W) => convolve(x, W, undefined, { stride: [2, 2], pad: [1, 1], dilate: [2, 1] }, 1, true),
});

checkFunction({
  name: 'localConvolution2d with stride',
  fn: (x, W, b) => F.localConvolution2d(x, W, b, [2, 1]),
  inputs: [
    [2, 2, 5, 4],
    [3, 2, 3, 2, 3, 2],
    [3, 2, 3],
  ],
  forward: (x, W, b) =>
    filled([2, 3, 2, 3], ([n, o, i, j]) => {
      let sum = elementOf(b, [o, i, j]);
      for (let c = 0; c < 2; c++) {
        for (let p = 0; p < 3; p++) {
          for (let q = 0; q < 2; q++) sum += elementOf(W, [o, i, j, c, p, q]) * elementOf(x, [n, c, i * 2 + p, j + q]);
        }
      }
      return sum;
    }),
});

describe('deformableConvolution2dSampler', () => {
  // Offsets that keep windows regular: the pad, the stride and the order of positions must come out as in convolution2d.
  checkFunction({
    name: 'without offsets is convolution2d',
    fn: (x, W, b) => F.deformableConvolution2dSampler(x, np.zeros([2, 12, 4, 3], { dtype: x.dtype }), W, b, [1, 2], 1),
    inputs: [[2, 2, 3, 6], [3, 2, 2, 3], [3]],
    forward: (x, W, b) => convolve(x, W, b, { stride: [1, 2], pad: [1, 1] }),
  });

  checkFunction({
    name: 'reads linearly between pixels, and zeros outside',
    fn: (x, offset, W) => F.deformableConvolution2dSampler(x, offset, W),
    inputs: [[1, 1, 4, 5], { shape: [1, 8, 3, 4], uniform: [0.1, 0.9] }, [2, 1, 2, 2]],
    forward(x, offset, W) {
      const pixel = (i: number, j: number) => (i < 4 && j < 5 ? elementOf(x, [0, 0, i, j]) : 0);
      return filled([1, 2, 3, 4], ([, o, i, j]) => {
        let sum = 0;
        for (let k = 0; k < 4; k++) {
          const u = j + (k % 2) + elementOf(offset, [0, k, i, j]);
          const v = i + Math.floor(k / 2) + elementOf(offset, [0, 4 + k, i, j]);
          const [left, top] = [Math.floor(u), Math.floor(v)];
          const [du, dv] = [u - left, v - top];
          const value =
            (1 - dv) * ((1 - du) * pixel(top, left) + du * pixel(top, left + 1)) +
            dv * ((1 - du) * pixel(top + 1, left) + du * pixel(top + 1, left + 1));
          sum += elementOf(W, [o, 0, Math.floor(k / 2), k % 2]) * value;
        }
        return sum;
      });
    },
  });
});

describe('operands that do not fit are refused', () => {
  const zeros = (...shape: number[]) => np.zeros(shape);
  it.each<[string, () => unknown, new (message: string) => Error, string]>([
    [
      'channels',
      () => F.convolution2d(zeros(1, 3, 4, 4), zeros(2, 2, 3, 3)),
      ShapeError,
      'x has 3 channels but W expects 2',
    ],
    [
      'groups',
      () => F.convolution2d(zeros(1, 4, 4, 4), zeros(3, 2, 3, 3), null, 1, 0, { groups: 2 }),
      ShapeError,
      '3 output channels do not divide into 2 groups',
    ],
    [
      'no groups',
      () => F.convolution2d(zeros(1, 4, 4, 4), zeros(3, 4, 3, 3), null, 1, 0, { groups: 0 }),
      ValueError,
      'groups is 0',
    ],
    [
      'bias',
      () => F.convolution2d(zeros(1, 2, 4, 4), zeros(3, 2, 3, 3), zeros(2)),
      ShapeError,
      'b (2,) does not fit 3 output channels',
    ],
    ['window', () => F.convolution2d(zeros(1, 2, 2, 2), zeros(3, 2, 3, 3)), ShapeError, 'no window of 3'],
    ['dimensions', () => F.convolution2d(zeros(2, 4, 4), zeros(3, 2, 3, 3)), ShapeError, 'x has 3 dimensions'],
    ['dimensions of 1d', () => F.convolution1d(zeros(1, 2, 4, 4), zeros(3, 2, 3)), ShapeError, 'x has 4 dimensions'],
    [
      'dimensions of nd',
      () => F.convolutionNd(zeros(1, 2, 4), zeros(3, 2, 3, 3)),
      ShapeError,
      'got x (1,2,4) and W (3,2,3,3)',
    ],
    ['stride', () => F.convolution2d(zeros(1, 2, 4, 4), zeros(3, 2, 3, 3), null, 0), ValueError, 'stride is 0'],
    ['dtype', () => F.convolution2d(np.zeros([1, 2, 4, 4], 'int32'), zeros(3, 2, 3, 3)), DTypeError, 'int32'],
    [
      'outsize',
      () => F.deconvolution2d(zeros(1, 2, 3, 3), zeros(2, 1, 3, 3), null, 2, 1, { outsize: 8 }),
      ShapeError,
      'outsize of 8',
    ],
    [
      'deconvolved channels',
      () => F.deconvolution3d(zeros(1, 2, 3, 3, 3), zeros(3, 1, 2, 2, 2)),
      ShapeError,
      'x has 2 channels but W expects 3',
    ],
    ['places', () => F.localConvolution2d(zeros(1, 2, 5, 4), zeros(3, 3, 3, 2, 2, 2)), ShapeError, '(4,3) windows'],
    [
      'offset',
      () => F.deformableConvolution2dSampler(zeros(1, 1, 3, 3), zeros(1, 4, 2, 2), zeros(1, 1, 2, 2)),
      ShapeError,
      'expected (1, 8, oh, ow)',
    ],
  ])('%s', (_, call, type, message) => {
    expect(call).toThrow(type);
    expect(call).toThrow(message);
  });
});
