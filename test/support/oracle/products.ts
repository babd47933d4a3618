/** Matrix products and convolutions, by loops over their definitions, in float64. */
import type { Activation } from '../../../src/backends/ops.js';
import type { Conv2dGeometry } from '../../../src/backends/primitives.js';
import { at, build, type HostArray, hostArray, placeOf, sizeOf } from '../host-array.js';

const ACTIVATIONS = {
  none: (x) => x,
  relu: (x) => Math.max(x, 0),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
} satisfies Record<Activation, (x: number) => number>;

/** Row-major place in a batch of matrices. Written out, as `place4` below: these are the oracle's inner loops. */
const place3 = ([, rows, columns]: readonly number[], n: number, i: number, j: number) => (n * rows + i) * columns + j;

/** Row-major place in a batch of images, or in the weights of a convolution. */
const place4 = ([, c, h, w]: readonly number[], n: number, k: number, i: number, j: number) =>
  ((n * c + k) * h + i) * w + j;

/** Options of a product, on the host. */
export interface HostMatmulOptions {
  transA?: boolean;
  transB?: boolean;
  bias?: HostArray | null;
  activation?: Activation;
  residual?: HostArray | null;
}

/** act(op(a)·op(b) + bias + residual): a (B|1, M, K), b (B|1, K, N), or with rows and columns exchanged where `trans` says so. */
export function matmul(
  a: HostArray,
  b: HostArray,
  { transA = false, transB = false, bias = null, activation = 'none', residual = null }: HostMatmulOptions = {},
): HostArray {
  const [rows, inner] = transA ? [a.shape[2], a.shape[1]] : [a.shape[1], a.shape[2]];
  const columns = transB ? b.shape[1] : b.shape[2];
  const batch = a.shape[0] === 1 ? b.shape[0] : a.shape[0];
  return build([batch, rows, columns], a.dtype, ([n, i, j]) => {
    let sum = (bias ? at(bias, [j]) : 0) + (residual ? at(residual, [n, i, j]) : 0);
    const inA = a.shape[0] === 1 ? 0 : n;
    const inB = b.shape[0] === 1 ? 0 : n;
    for (let k = 0; k < inner; k++) {
      const left = transA ? place3(a.shape, inA, k, i) : place3(a.shape, inA, i, k);
      const right = transB ? place3(b.shape, inB, j, k) : place3(b.shape, inB, k, j);
      sum += a.values[left] * b.values[right];
    }
    return ACTIVATIONS[activation](sum);
  });
}

/** Three arrays that a convolution ties together, by shape. */
interface Conv2dShapes {
  readonly x: readonly number[];
  readonly w: readonly number[];
  readonly y: readonly number[];
}

/**
 * Visits every triple of elements that a convolution multiplies: y[n, o, i, j] has a term x[n, c, row, column]·w[o, k,
 * p, q]. Calls `visit` with their places. Forward and both gradients are this one list of triples.
 */
function forEachTerm(
  { x, w, y }: Conv2dShapes,
  { stride, pad, dilation, groups }: Conv2dGeometry,
  visit: (inX: number, inW: number, inY: number) => void,
): void {
  const [batch, , height, width] = x;
  const [outChannels, channelsOfGroup, kernelHeight, kernelWidth] = w;
  const [, , outHeight, outWidth] = y;
  for (let n = 0; n < batch; n++)
    for (let o = 0; o < outChannels; o++)
      for (let i = 0; i < outHeight; i++)
        for (let j = 0; j < outWidth; j++)
          for (let k = 0; k < channelsOfGroup; k++)
            for (let p = 0; p < kernelHeight; p++)
              for (let q = 0; q < kernelWidth; q++) {
                const group = Math.floor(o / (outChannels / groups));
                const row = i * stride[0] + p * dilation[0] - pad[0];
                const column = j * stride[1] + q * dilation[1] - pad[1];
                if (row < 0 || row >= height || column < 0 || column >= width) continue;
                const channel = group * channelsOfGroup + k;
                visit(place4(x, n, channel, row, column), place4(w, o, k, p, q), place4(y, n, o, i, j));
              }
}

/** The operands of a convolution's epilogue, on the host. */
export interface HostEpilogue {
  activation?: Activation;
  residual?: HostArray | null;
}

/** Cross-correlation of x (N, C, H, W) with w (O, C/groups, kh, kw), plus a bias (O,) and a residual, through an activation. */
export function conv2d(
  x: HostArray,
  w: HostArray,
  bias: HostArray | null,
  geometry: Conv2dGeometry,
  shape: readonly number[],
  { activation = 'none', residual = null }: HostEpilogue = {},
): HostArray {
  const sums = new Float64Array(sizeOf(shape));
  forEachTerm({ x: x.shape, w: w.shape, y: shape }, geometry, (inX, inW, inY) => {
    sums[inY] += x.values[inX] * w.values[inW];
  });
  return build(shape, x.dtype, (index) => {
    const added = (bias ? at(bias, [index[1]]) : 0) + (residual ? at(residual, index) : 0);
    const sum = sums[placeOf(shape, index)] + added;
    return ACTIVATIONS[activation](sum);
  });
}

/** The gradient of a convolution in its input, of the given shape. */
export function conv2dGradInput(
  gy: HostArray,
  w: HostArray,
  geometry: Conv2dGeometry,
  shape: readonly number[],
): HostArray {
  const sums = new Float64Array(sizeOf(shape));
  forEachTerm({ x: shape, w: w.shape, y: gy.shape }, geometry, (inX, inW, inY) => {
    sums[inX] += gy.values[inY] * w.values[inW];
  });
  return hostArray(sums, shape, gy.dtype);
}

/** The gradient of a convolution in its weight, of the given shape. */
export function conv2dGradWeight(
  x: HostArray,
  gy: HostArray,
  geometry: Conv2dGeometry,
  shape: readonly number[],
): HostArray {
  const sums = new Float64Array(sizeOf(shape));
  forEachTerm({ x: x.shape, w: shape, y: gy.shape }, geometry, (inX, inW, inY) => {
    sums[inW] += gy.values[inY] * x.values[inX];
  });
  return hostArray(sums, shape, x.dtype);
}
