/**
 * What each type of Caffe layer computes, as Chainer's CaffeFunction has it: one table from types to what builds an
 * emulation of a layer. It knows one layer at a time and nothing of the net around it.
 */
import { usingConfig } from '../../core/config.js';
import type { Link } from '../../core/link.js';
import type { Parameter } from '../../core/parameter.js';
import { asVariable, type Variable, type VariableLike } from '../../core/variable.js';
import { FormatError, ValueError } from '../../errors.js';
import { type CaffeBlob, type CaffeLayer, decodeBlob } from '../../formats/caffemodel.js';
import { narrow } from '../../formats/host-array.js';
import { leakyRelu } from '../../functions/activation/leaky-relu.js';
import { relu } from '../../functions/activation/relu.js';
import { sigmoid } from '../../functions/activation/sigmoid.js';
import { softmax } from '../../functions/activation/softmax.js';
import { concat } from '../../functions/array/concat.js';
import { reshape } from '../../functions/array/reshape.js';
import { splitAxis } from '../../functions/array/split-axis.js';
import { softmaxCrossEntropy } from '../../functions/loss/softmax-cross-entropy.js';
import { add } from '../../functions/math/add.js';
import { maximum } from '../../functions/math/maximum.js';
import { mul } from '../../functions/math/multiply.js';
import { dropout } from '../../functions/noise/dropout.js';
import { localResponseNormalization } from '../../functions/normalization/local-response-normalization.js';
import type { TypedArray } from '../../ndarray/np.js';
import { formatShape, sizeOf } from '../../ndarray/shape.js';
import { Convolution2D } from '../connection/convolution-2d.js';
import { Deconvolution2D } from '../connection/deconvolution-2d.js';
import { Linear } from '../connection/linear.js';
import { Scale } from '../connection/scale.js';
import { BatchNormalization } from '../normalization/batch-normalization.js';
import {
  type CaffeWindows,
  caffeAveragePooling,
  caffeMaxPooling,
  chainerAveragePooling,
  chainerMaxPooling,
} from './caffe-pooling.js';
import { bothOf, spread, windowOf } from './caffe-windows.js';

type Outputs = Variable | readonly Variable[];

/** What stands for a layer: a function of its bottoms, and the link with its parameters if it has any. */
export interface Emulation {
  readonly link?: Link;
  /** `link` is the one given above, or its copy where the net was copied. */
  run(bottoms: readonly VariableLike[], link: Link | undefined): Outputs;
}

/** Whose rules poolings follow where the two differ. */
export type CaffePooling = 'caffe' | 'chainer';

type Build = (layer: CaffeLayer, pooling: CaffePooling) => Emulation;

/** An emulation without parameters. */
const pure = (run: (...bottoms: VariableLike[]) => Outputs): Emulation => ({ run: (bottoms) => run(...bottoms) });

/** An emulation that calls a link. */
const calling = <L extends Link>(link: L, call: (link: L, ...bottoms: VariableLike[]) => Variable): Emulation => ({
  link,
  // A copy of a link is of its class.
  run: (bottoms, own) => call(own as L, ...bottoms),
});

function unsupported(layer: CaffeLayer, what: string): never {
  throw new FormatError(`CaffeFunction: layer '${layer.name}' (${layer.type}): ${what} is not supported`);
}

function blobOf(layer: CaffeLayer, i: number): CaffeBlob {
  const blob = layer.blobs[i];
  if (!blob) {
    throw new FormatError(
      `CaffeFunction: layer '${layer.name}' (${layer.type}) needs blob ${i}, but has ${layer.blobs.length}`,
    );
  }
  return blob;
}

/**
 * The elements of a blob that must have as many as an array of `shape`: asked for before any array is made, so that what
 * a damaged file declares is never allocated.
 */
function elementsOf(layer: CaffeLayer, i: number, shape: readonly number[]): TypedArray {
  const blob = blobOf(layer, i);
  if (sizeOf(blob.shape) !== sizeOf(shape)) {
    const [got, wanted] = [formatShape(blob.shape), formatShape(shape)];
    throw new FormatError(`CaffeFunction: layer '${layer.name}' (${layer.type}): blob ${i} is ${got}, not ${wanted}`);
  }
  return narrow(decodeBlob(blob)).data;
}

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

/** What the two kinds of convolution have in common, checked. */
function filtersOf(layer: CaffeLayer) {
  const { group, biasTerm, dilation } = layer.convolution;
  const { ksize, stride, pad } = windowOf(layer.convolution);
  const { shape } = blobOf(layer, 0);
  if (shape.length !== 4) unsupported(layer, `a weight of shape ${formatShape(shape)}`);
  const [n, m] = shape;
  if (!(group > 0) || n % group !== 0) unsupported(layer, `${n} filters in ${group} groups`);
  const W = elementsOf(layer, 0, [n, m, ...(typeof ksize === 'number' ? [ksize, ksize] : ksize)]);
  const options = { nobias: !biasTerm, initialW: 0, dilate: spread(dilation, 1) };
  return { n, m, group, biasTerm, W, ksize, stride, pad, options };
}

/** Sets W and b. Initializers drew nothing before, so that large nets load in the time it takes to copy them. */
function setWeights(link: { W: Parameter; b: Parameter | null }, W: TypedArray, b: TypedArray | null): void {
  link.W.array.set(W);
  if (b) link.b?.array.set(b);
}

const convolution: Build = (layer) => {
  const { n, m, group, biasTerm, W, ksize, stride, pad, options } = filtersOf(layer);
  const b = biasTerm ? elementsOf(layer, 1, [n]) : null;
  const link = new Convolution2D(m * group, n, ksize, stride, pad, options);
  setWeights(link, blockDiagonal(W, link.W.shape, group), b);
  return calling(link, (own, x) => own(x));
};

const deconvolution: Build = (layer) => {
  const { n, m, group, biasTerm, W, ksize, stride, pad, options } = filtersOf(layer);
  const b = biasTerm ? elementsOf(layer, 1, [m * group]) : null;
  const link = new Deconvolution2D(n, m * group, ksize, stride, pad, options);
  setWeights(link, blockDiagonal(W, link.W.shape, group), b);
  return calling(link, (own, x) => own(x));
};

const innerProduct: Build = (layer) => {
  const { axis, biasTerm, transpose } = layer.innerProduct;
  if (axis !== 1) unsupported(layer, `axis ${axis}`);
  if (transpose) unsupported(layer, 'a transposed weight');
  const { shape } = blobOf(layer, 0);
  // Of four sizes, as old files have, the first two are 1.
  if (shape.length < 2) unsupported(layer, `a weight of shape ${formatShape(shape)}`);
  const [outSize, inSize] = shape.slice(-2);
  const W = elementsOf(layer, 0, [outSize, inSize]);
  const b = biasTerm ? elementsOf(layer, 1, [outSize]) : null;
  const link = new Linear(inSize, outSize, { nobias: !biasTerm, initialW: 0 });
  setWeights(link, W, b);
  return calling(link, (own, x) => own(x));
};

/** Poolings by Caffe's number. */
const POOLINGS: Readonly<Record<CaffePooling, readonly ((x: VariableLike, windows: CaffeWindows) => Variable)[]>> = {
  caffe: [caffeMaxPooling, caffeAveragePooling],
  chainer: [chainerMaxPooling, chainerAveragePooling],
};

const pooling: Build = (layer, rules) => {
  const { pool, globalPooling, floor } = layer.pooling;
  const window = windowOf(layer.pooling);
  const [ksize, stride, pad] = [bothOf(window.ksize), bothOf(window.stride), bothOf(window.pad)];
  const compute = POOLINGS[rules][pool];
  if (!compute) unsupported(layer, 'stochastic pooling');
  const isGlobal = globalPooling && ksize[0] === 0;
  if (!isGlobal && pad.some((size, axis) => size >= ksize[axis])) {
    unsupported(layer, `a window (${ksize}) with a padding of (${pad}), which is not less,`);
  }
  if (Math.min(...stride) < 1) unsupported(layer, `a stride of (${stride})`);
  return pure((x) => compute(x, { ksize: isGlobal ? [x.shape[2], x.shape[3]] : ksize, stride, pad, floor }));
};

const lrn: Build = (layer) => {
  const { normRegion, localSize: n, k, alpha, beta } = layer.lrn;
  if (normRegion !== 0) unsupported(layer, 'normalization within channels');
  return pure((x) => localResponseNormalization(x, { n, k, alpha: alpha / n, beta }));
};

const batchNorm: Build = (layer) => {
  const { useGlobalStats, movingAverageFraction: decay, eps } = layer.batchNorm;
  const size = sizeOf(blobOf(layer, 0).shape);
  // Caffe keeps sums of decayed statistics, and in a third blob what they are to be divided by.
  const divisor = layer.blobs.length > 2 ? elementsOf(layer, 2, [1])[0] : 1;
  const statistics = (i: number) => elementsOf(layer, i, [size]).map((v) => (divisor === 0 ? 0 : v / divisor));
  const [mean, variance] = [statistics(0), statistics(1)];
  const link = new BatchNormalization(size, { decay, eps, useGamma: false, useBeta: false });
  link.avgMean?.set(mean);
  link.avgVar?.set(variance);
  const run = (own: BatchNormalization, x: VariableLike) => own(x);
  return calling(link, useGlobalStats ? (own, x) => usingConfig('train', false, () => run(own, x)) : run);
};

const scale: Build = (layer) => {
  const { axis, biasTerm } = layer.scale;
  const own = layer.bottoms.length === 1;
  const shape = own || biasTerm ? blobOf(layer, 0).shape : null;
  const link = new Scale(axis, own ? shape : null, { biasTerm, biasShape: own ? null : shape });
  if (link.W) link.W.array.set(elementsOf(layer, 0, link.W.shape));
  if (link.bias?.b) link.bias.b.array.set(elementsOf(layer, own ? 1 : 0, link.bias.b.shape));
  return calling(link, (own, x, factor) => own(x, factor));
};

/** Eltwise's operations, by number. */
const OPERATIONS: readonly ((a: VariableLike, b: VariableLike) => Variable)[] = [mul, add, maximum];
const SUM = 1;

const eltwise: Build = (layer) => {
  const { operation, coeffs } = layer.eltwise;
  const compute = OPERATIONS[operation];
  if (!compute) unsupported(layer, `operation ${operation}`);
  return pure((...xs) => {
    if (operation !== SUM || coeffs.length === 0)
      return xs.slice(1).reduce<Variable>((a, b) => compute(a, b), asVariable(xs[0]));
    if (coeffs.length !== xs.length) {
      throw new ValueError(
        `CaffeFunction: layer '${layer.name}' has ${coeffs.length} coefficients, ${xs.length} bottoms`,
      );
    }
    return xs.map((x, i) => mul(x, coeffs[i])).reduce((a, b) => add(a, b));
  });
};

const slice: Build = ({ slice: { axis, sliceDim, slicePoints }, tops }) => {
  const where = slicePoints.length > 0 ? slicePoints : tops.length;
  return pure((x) => splitAxis(x, where, axis ?? sliceDim ?? 1));
};

/** Refuses softmax along any axis but the channels'. */
function alongChannels(layer: CaffeLayer): void {
  if (layer.softmax.axis !== 1) unsupported(layer, `softmax along axis ${layer.softmax.axis}`);
}

/** What builds the emulation of a layer, by its type. Types that are not here are skipped. */
export const LAYERS: ReadonlyMap<string, Build> = new Map<string, Build>([
  ['BatchNorm', batchNorm],
  [
    'Concat',
    // Where only V1's name of the axis is set, it counts.
    ({ concat: { axis, concatDim } }) => pure((...xs) => concat(xs, axis === 1 ? concatDim : axis)),
  ],
  ['Convolution', convolution],
  ['Deconvolution', deconvolution],
  ['Dropout', ({ dropout: { ratio } }) => pure((x) => dropout(x, ratio))],
  ['Eltwise', eltwise],
  ['InnerProduct', innerProduct],
  ['LRN', lrn],
  ['Pooling', pooling],
  ['ReLU', ({ relu: { negativeSlope } }) => pure((x) => (negativeSlope === 0 ? relu(x) : leakyRelu(x, negativeSlope)))],
  [
    'Reshape',
    // 0 keeps the bottom's size.
    ({ reshape: { shape } }) =>
      pure((x) =>
        reshape(
          x,
          shape.dims.map((size, k) => (size === 0 ? x.shape[k] : size)),
        ),
      ),
  ],
  ['Scale', scale],
  ['Sigmoid', () => pure((x) => sigmoid(x))],
  ['Slice', slice],
  [
    'Softmax',
    (layer) => {
      alongChannels(layer);
      return pure((x) => softmax(x));
    },
  ],
  [
    'SoftmaxWithLoss',
    (layer) => {
      alongChannels(layer);
      return pure((x, t) => softmaxCrossEntropy(x, t));
    },
  ],
]);
