/** Caffe's layers that multiply by a matrix: convolutions, transposed convolutions, and inner products. */
import type { Parameter } from '../../core/parameter.js';
import type { VariableLike } from '../../core/variable.js';
import { FormatError } from '../../errors.js';
import type { CaffeLayer } from '../../formats/caffemodel.js';
import { checkNdim } from '../../functions/arguments/operands.js';
import { unwindowedLength, windowCount } from '../../functions/arguments/window-sizes.js';
import type { TypedArray } from '../../ndarray/np.js';
import { formatShape, sizeOf } from '../../ndarray/shape.js';
import { Convolution2D } from '../connection/convolution-2d.js';
import { Deconvolution2D } from '../connection/deconvolution-2d.js';
import { Linear } from '../connection/linear.js';
import { type Build, blobOf, calling, checkGrowth, elementsOf, named, unsupported } from './caffe-emulation.js';
import { bothOf, checkWindow, spread, windowOf } from './caffe-windows.js';

/** Up to this many groups, a grouped convolution becomes a dense one, as in Chainer, unless its filters become too large. */
const DENSE_GROUPS = 4;
const DENSE_ELEMENTS = 4096;

/**
 * The dense filters (n, m, kh, kw) of a grouped convolution, whose file has (n, m / group, kh, kw): zero wherever a filter
 * would read another group's channels.
 */
function blockDiagonal(data: TypedArray, [n, m, ...kernel]: readonly number[], group: number): TypedArray {
  if (group === 1) return data;
  const area = sizeOf(kernel);
  const dense = new Float32Array(n * m * area);
  const run = (m / group) * area;
  for (let i = 0; i < n; i++) {
    const g = Math.floor((i * group) / n);
    dense.set(data.subarray(i * run, (i + 1) * run), i * m * area + g * run);
  }
  return dense;
}

/** The checked filters of a convolution or a transposed one. */
function filtersOf(layer: CaffeLayer) {
  const { group, biasTerm, dilation } = layer.convolution;
  const window = windowOf(layer.convolution);
  const [ksize, stride, pad] = [bothOf(window.ksize), bothOf(window.stride), bothOf(window.pad)];
  const dilate = bothOf(spread(dilation, 1));
  const { shape } = blobOf(layer, 0);
  if (shape.length !== 4) unsupported(layer, `a weight of shape ${formatShape(shape)}`);
  const [n, m] = shape;
  if (!(group > 0) || n % group !== 0 || n === 0 || m === 0) unsupported(layer, `${n} filters in ${group} groups`);
  checkWindow(named(layer), { ksize, stride, pad, dilate });
  const W = elementsOf(layer, 0, [n, m, ...ksize]);
  const isDense = group <= DENSE_GROUPS || group * W.length <= DENSE_ELEMENTS;
  const options = { nobias: !biasTerm, initialW: 0, dilate: [...dilate], groups: isDense ? 1 : group };
  return { n, m, group, biasTerm, W, isDense, ksize, stride, pad, dilate, options };
}

/** Sets W and b. No initializer drew them before, so a large net loads in the time of a copy. */
function setWeights(link: { W: Parameter; b: Parameter | null }, W: TypedArray, b: TypedArray | null): void {
  link.W.array.set(W);
  if (b) link.b?.array.set(b);
}

/** Checks that x is (N, C, H, W), before sizes are computed from it. */
function imageOf(layer: CaffeLayer, x: VariableLike) {
  checkNdim(named(layer), 'x', x, 'N, C, H, W');
  const [count, , height, width] = x.shape;
  return { count, lengths: [height, width] };
}

/** Emulates a convolution. */
export const convolution: Build = (layer, { budget }) => {
  const { n, m, group, biasTerm, W, isDense, ksize, stride, pad, dilate, options } = filtersOf(layer);
  const b = biasTerm ? elementsOf(layer, 1, [n]) : null;
  const link = new Convolution2D(m * group, n, ksize, stride, pad, options);
  setWeights(link, isDense ? blockDiagonal(W, link.W.shape, group) : W, b);
  return calling(link, (own, x) => {
    const { count, lengths } = imageOf(layer, x);
    const out = lengths.map((length, i) =>
      windowCount(named(layer), length, ksize[i], stride[i], pad[i], false, dilate[i]),
    );
    checkGrowth(layer, budget, x, [count, n, ...out]);
    return own(x);
  });
};

/** Emulates a transposed convolution. */
export const deconvolution: Build = (layer, { budget }) => {
  const { n, m, group, biasTerm, W, isDense, ksize, stride, pad, dilate, options } = filtersOf(layer);
  const b = biasTerm ? elementsOf(layer, 1, [m * group]) : null;
  const link = new Deconvolution2D(n, m * group, ksize, stride, pad, options);
  setWeights(link, isDense ? blockDiagonal(W, link.W.shape, group) : W, b);
  return calling(link, (own, x) => {
    const { count, lengths } = imageOf(layer, x);
    const out = lengths.map((length, i) =>
      unwindowedLength(named(layer), length, ksize[i], stride[i], pad[i], false, dilate[i]),
    );
    checkGrowth(layer, budget, x, [count, m * group, ...out]);
    return own(x);
  });
};

/** Emulates an inner product. */
export const innerProduct: Build = (layer) => {
  const { axis, biasTerm, transpose } = layer.innerProduct;
  if (axis !== 1) unsupported(layer, `axis ${axis}`);
  if (transpose) unsupported(layer, 'a transposed weight');
  const { shape } = blobOf(layer, 0);
  // Old files have four sizes, of which the first two are 1.
  if (shape.length < 2) unsupported(layer, `a weight of shape ${formatShape(shape)}`);
  const [outSize, inSize] = shape.slice(-2);
  const W = elementsOf(layer, 0, [outSize, inSize]);
  const b = biasTerm ? elementsOf(layer, 1, [outSize]) : null;
  if (W.length === 0) throw new FormatError(`${named(layer)}: a weight of shape ${formatShape(shape)} has no elements`);
  const link = new Linear(inSize, outSize, { nobias: !biasTerm, initialW: 0 });
  setWeights(link, W, b);
  return calling(link, (own, x) => own(x));
};
