/**
 * The types of Caffe layers that Chainer's CaffeFunction emulates: one table from types to functions that build the emulation of a layer.
 * `caffe-function.ts` builds the net of them.
 */
import { usingConfig } from '../../core/config.js';
import { asVariable, type Variable, type VariableLike } from '../../core/variable.js';
import { FormatError, ShapeError, ValueError } from '../../errors.js';
import type { CaffeLayer } from '../../formats/caffemodel.js';
import { leakyRelu } from '../../functions/activation/leaky-relu.js';
import { relu } from '../../functions/activation/relu.js';
import { sigmoid } from '../../functions/activation/sigmoid.js';
import { softmax } from '../../functions/activation/softmax.js';
import { checkNdim } from '../../functions/arguments/operands.js';
import { concat } from '../../functions/array/concat.js';
import { reshape } from '../../functions/array/reshape.js';
import { splitAxis } from '../../functions/array/split-axis.js';
import { softmaxCrossEntropy } from '../../functions/loss/softmax-cross-entropy.js';
import { add } from '../../functions/math/add.js';
import { maximum } from '../../functions/math/maximum.js';
import { mul } from '../../functions/math/multiply.js';
import { dropout } from '../../functions/noise/dropout.js';
import { localResponseNormalization } from '../../functions/normalization/local-response-normalization.js';
import { formatShape, sizeOf } from '../../ndarray/shape.js';
import { Scale } from '../connection/scale.js';
import { BatchNormalization } from '../normalization/batch-normalization.js';
import {
  type Build,
  blobOf,
  type CaffeNetSettings,
  type CaffePooling,
  calling,
  checkGrowth,
  type Emulation,
  elementsOf,
  named,
  pure,
  unsupported,
} from './caffe-emulation.js';
import {
  type CaffeWindows,
  caffeAveragePooling,
  caffeMaxPooling,
  chainerAveragePooling,
  chainerMaxPooling,
} from './caffe-pooling.js';
import { convolution, deconvolution, innerProduct } from './caffe-products.js';
import { bothOf, checkWindow, windowOf } from './caffe-windows.js';

/** Poolings by Caffe's number. */
const POOLINGS: Readonly<Record<CaffePooling, readonly ((x: VariableLike, windows: CaffeWindows) => Variable)[]>> = {
  caffe: [caffeMaxPooling, caffeAveragePooling],
  chainer: [chainerMaxPooling, chainerAveragePooling],
};

const pooling: Build = (layer, { pooling: rules, budget }) => {
  const { pool, globalPooling, floor } = layer.pooling;
  const window = windowOf(layer.pooling);
  const [ksize, stride, pad] = [bothOf(window.ksize), bothOf(window.stride), bothOf(window.pad)];
  const compute = POOLINGS[rules][pool];
  if (!compute) unsupported(layer, 'stochastic pooling');
  const isGlobal = globalPooling && ksize[0] === 0;
  if (!isGlobal && pad.some((size, axis) => size >= ksize[axis])) {
    unsupported(layer, `a window (${ksize}) with a padding of (${pad}), which is not less,`);
  }
  if (isGlobal && Math.max(...pad) > 0) unsupported(layer, `global pooling with a padding of (${pad})`);
  checkWindow(named(layer), { ksize: isGlobal ? [1, 1] : ksize, stride, pad });
  return pure((x) => {
    checkNdim(named(layer), 'x', x, 'N, C, H, W');
    const [count, channels, height, width] = x.shape;
    // At most the number of windows that fit; the two rules differ by one.
    const most = [height, width].map((length, i) => Math.ceil((length + 2 * pad[i]) / stride[i]) + 1);
    checkGrowth(layer, budget, x, [count, channels, ...most]);
    return compute(x, { ksize: isGlobal ? [height, width] : ksize, stride, pad, floor });
  });
};

const lrn: Build = (layer) => {
  const { normRegion, localSize: n, k, alpha, beta } = layer.lrn;
  if (normRegion !== 0) unsupported(layer, 'normalization within channels');
  if (n < 1 || n % 2 === 0) unsupported(layer, `a window of ${n} channels, which is not odd,`);
  return pure((x) => {
    // A window beyond all channels has the same sum as a window over all channels.
    const window = Math.min(n, 2 * (x.shape[1] ?? 1) - 1);
    return localResponseNormalization(x, { n: window, k, alpha: alpha / n, beta });
  });
};

const batchNorm: Build = (layer) => {
  const { useGlobalStats, movingAverageFraction: decay, eps } = layer.batchNorm;
  const size = sizeOf(blobOf(layer, 0).shape);
  if (size === 0 || !(eps >= 0)) unsupported(layer, `statistics of ${size} channels with an eps of ${eps}`);
  // Caffe keeps sums of decayed statistics, and their divisor in a third blob.
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
      throw new ValueError(`${named(layer)} has ${coeffs.length} coefficients, ${xs.length} bottoms`);
    }
    return xs.map((x, i) => mul(x, coeffs[i])).reduce((a, b) => add(a, b));
  });
};

const slice: Build = (layer) => {
  const { axis, sliceDim, slicePoints } = layer.slice;
  const { length } = layer.tops;
  const isSorted = slicePoints.every((point, i) => point > (i > 0 ? slicePoints[i - 1] : 0));
  if (slicePoints.length > 0 && (slicePoints.length !== length - 1 || !isSorted)) {
    throw new FormatError(
      `${named(layer)}: ${slicePoints.length} points for ${length} tops, expected ${length - 1} that rise`,
    );
  }
  const where = slicePoints.length > 0 ? slicePoints : length;
  return pure((x) => {
    const along = axis ?? sliceDim ?? 1;
    const last = slicePoints.at(-1) ?? 0;
    const size = x.shape.at(along);
    if (size === undefined || last > size) {
      throw new ShapeError(`${named(layer)}: a cut at ${last} along axis ${along} of ${formatShape(x.shape)}`);
    }
    return splitAxis(x, where, along);
  });
};

/** Refuses softmax along any other axis than that of the channels. */
function alongChannels(layer: CaffeLayer): void {
  if (layer.softmax.axis !== 1) unsupported(layer, `softmax along axis ${layer.softmax.axis}`);
}

const dropped: Build = (layer) => {
  const { ratio } = layer.dropout;
  if (!(ratio >= 0 && ratio < 1)) unsupported(layer, `a ratio of ${ratio}`);
  return pure((x) => dropout(x, ratio));
};

const reshaped: Build = (layer) => {
  const { dims } = layer.reshape.shape;
  return pure((x) => {
    // 0 keeps the bottom's size.
    const shape = dims.map((size, k) => {
      if (size !== 0) return size;
      if (k < x.shape.length) return x.shape[k];
      throw new ShapeError(`${named(layer)}: (${dims}) keeps axis ${k}, which ${formatShape(x.shape)} does not have`);
    });
    return reshape(x, shape);
  });
};

/** A type of layer: its numbers of bottoms, and the function that builds its emulation. */
interface LayerType {
  readonly least: number;
  readonly most: number;
  readonly build: Build;
}

const taking = (least: number, most: number, build: Build): LayerType => ({ least, most, build });
const one = (build: Build) => taking(1, 1, build);
const several = (build: Build) => taking(1, Number.POSITIVE_INFINITY, build);

/** Types of layers by their names. Layers of other types are skipped. */
export const LAYERS: ReadonlyMap<string, LayerType> = new Map<string, LayerType>([
  ['BatchNorm', one(batchNorm)],
  [
    'Concat',
    // V1's name of the axis counts if only that is set.
    several(({ concat: { axis, concatDim } }) => pure((...xs) => concat(xs, axis === 1 ? concatDim : axis))),
  ],
  ['Convolution', one(convolution)],
  ['Deconvolution', one(deconvolution)],
  ['Dropout', one(dropped)],
  ['Eltwise', several(eltwise)],
  ['InnerProduct', one(innerProduct)],
  ['LRN', one(lrn)],
  ['Pooling', one(pooling)],
  [
    'ReLU',
    one(({ relu: { negativeSlope } }) => pure((x) => (negativeSlope === 0 ? relu(x) : leakyRelu(x, negativeSlope)))),
  ],
  ['Reshape', one(reshaped)],
  ['Scale', taking(1, 2, scale)],
  ['Sigmoid', one(() => pure((x) => sigmoid(x)))],
  ['Slice', one(slice)],
  [
    'Softmax',
    one((layer) => {
      alongChannels(layer);
      return pure((x) => softmax(x));
    }),
  ],
  [
    'SoftmaxWithLoss',
    taking(2, 2, (layer) => {
      alongChannels(layer);
      return pure((x, t) => softmaxCrossEntropy(x, t));
    }),
  ],
]);

/**
 * The emulation of a layer; null if its type is not known.
 *
 * @throws FormatError if it has too few bottoms or too many, or settings that cannot be emulated.
 */
export function emulationOf(layer: CaffeLayer, settings: CaffeNetSettings): Emulation | null {
  const type = LAYERS.get(layer.type);
  if (!type) return null;
  const { least, most, build } = type;
  const emulation = build(layer, settings);
  const { length } = layer.bottoms;
  if (length >= least && length <= most) return emulation;
  const wanted = least === most ? String(least) : `${least} to ${Number.isFinite(most) ? most : 'many'}`;
  throw new FormatError(`${named(layer)} has ${length} bottoms, expected ${wanted}`);
}
