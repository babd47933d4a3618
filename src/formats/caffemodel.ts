/**
 * Reads Caffe's .caffemodel, a binary NetParameter (caffe.proto), into plain data. Both generations of layers become
 * one type. Weights stay in the file until {@link decodeBlob} copies them. See `links/model/caffe-emulation.ts` for
 * what the layers compute.
 */

import { FormatError } from '../errors.js';
import { formatShape, sizeOf } from '../ndarray/shape.js';
import { decodeElements, WIDTHS } from './elements.js';
import type { HostArrayOf, NumericDType } from './host-array.js';
import { joined } from './joined-bytes.js';
import { Budget, type Limits } from './limits.js';
import { bool, elements, float, int, message, repeated, type ScalarField, text } from './protobuf/fields.js';
import { defaultsOf, type Message, readMessage, type Schema } from './protobuf/messages.js';
import { quoted } from './quoted.js';

/** Arrays of one layer: every type has only a few. */
const MAX_BLOBS = 64;

/** Default limit on layers, their bottoms, tops and arrays: ResNet-152 has 3,000. */
const MAX_NODES = 2 ** 14;

/** Caffe's own limit (kMaxBlobAxes). */
const MAX_AXES = 32;

const SHAPE = { dims: repeated(int(1, 0), MAX_AXES) } satisfies Schema;

const BLOB = {
  num: int(1, null),
  channels: int(2, null),
  height: int(3, null),
  width: int(4, null),
  floats: elements(5, WIDTHS.float32),
  shape: message(7, SHAPE),
  doubles: elements(8, WIDTHS.float64),
} satisfies Schema;

const CONCAT = { concatDim: int(1, 1), axis: int(2, 1) } satisfies Schema;

const CONVOLUTION = {
  numOutput: int(1, 0),
  biasTerm: bool(2, true),
  pad: repeated(int(3, 0), MAX_AXES),
  kernelSize: repeated(int(4, 0), MAX_AXES),
  group: int(5, 1),
  stride: repeated(int(6, 0), MAX_AXES),
  padH: int(9, 0),
  padW: int(10, 0),
  kernelH: int(11, 0),
  kernelW: int(12, 0),
  strideH: int(13, 0),
  strideW: int(14, 0),
  axis: int(16, 1),
  dilation: repeated(int(18, 0), MAX_AXES),
} satisfies Schema;

const DROPOUT = { ratio: float(1, 0.5) } satisfies Schema;

const ELTWISE = { operation: int(1, 1), coeffs: repeated(float(2, 0)) } satisfies Schema;

const INNER_PRODUCT = {
  numOutput: int(1, 0),
  biasTerm: bool(2, true),
  axis: int(5, 1),
  transpose: bool(6, false),
} satisfies Schema;

const LRN = {
  localSize: int(1, 5),
  alpha: float(2, 1),
  beta: float(3, 0.75),
  normRegion: int(4, 0),
  k: float(5, 1),
} satisfies Schema;

const POOLING = {
  pool: int(1, 0),
  kernelSize: int(2, 0),
  stride: int(3, 1),
  pad: int(4, 0),
  kernelH: int(5, 0),
  kernelW: int(6, 0),
  strideH: int(7, 0),
  strideW: int(8, 0),
  padH: int(9, 0),
  padW: int(10, 0),
  globalPooling: bool(12, false),
  /** RoundMode: 0 up, 1 down. */
  floor: bool(13, false),
} satisfies Schema;

const RELU = { negativeSlope: float(1, 0) } satisfies Schema;

const RESHAPE = { shape: message(1, SHAPE) } satisfies Schema;

const SLICE = {
  sliceDim: int(1, null),
  slicePoints: repeated(int(2, 0)),
  axis: int(3, null),
} satisfies Schema;

const SOFTMAX = { axis: int(2, 1) } satisfies Schema;

const BATCH_NORM = {
  useGlobalStats: bool(1, false),
  movingAverageFraction: float(2, Math.fround(0.999)),
  eps: float(3, Math.fround(1e-5)),
} satisfies Schema;

const SCALE = { axis: int(1, 1), numAxes: int(2, 1), biasTerm: bool(4, false) } satisfies Schema;

/** A field that lists names or arrays of a layer; {@link Limits.nodes} counts the items. */
const listed = <T>(field: ScalarField<T, unknown>) => repeated(field, 'nodes');

/** LayerParameter, the layers of nets since 2014. */
const LAYER = {
  name: text(1),
  type: text(2),
  bottoms: listed(text(3)),
  tops: listed(text(4)),
  blobs: repeated(message(7, BLOB), MAX_BLOBS),
  concat: message(104, CONCAT),
  convolution: message(106, CONVOLUTION),
  dropout: message(108, DROPOUT),
  eltwise: message(110, ELTWISE),
  innerProduct: message(117, INNER_PRODUCT),
  lrn: message(118, LRN),
  pooling: message(121, POOLING),
  relu: message(123, RELU),
  softmax: message(125, SOFTMAX),
  slice: message(126, SLICE),
  reshape: message(133, RESHAPE),
  batchNorm: message(139, BATCH_NORM),
  scale: message(142, SCALE),
} satisfies Schema;

/** V1LayerParameter, the layers of older nets. */
const V1_LAYER = {
  bottoms: listed(text(2)),
  tops: listed(text(3)),
  name: text(4),
  type: int(5, 0),
  blobs: repeated(message(6, BLOB), MAX_BLOBS),
  concat: message(9, CONCAT),
  convolution: message(10, CONVOLUTION),
  dropout: message(12, DROPOUT),
  innerProduct: message(17, INNER_PRODUCT),
  lrn: message(18, LRN),
  pooling: message(19, POOLING),
  eltwise: message(24, ELTWISE),
  relu: message(30, RELU),
  slice: message(31, SLICE),
  softmax: message(39, SOFTMAX),
} satisfies Schema;

const NET = {
  name: text(1),
  v1Layers: listed(message(2, V1_LAYER)),
  layers: listed(message(100, LAYER)),
} satisfies Schema;

/** The current name of each V1 type of layer, by its number. */
const V1_TYPES = [
  ...['None', 'Accuracy', 'BNLL', 'Concat', 'Convolution', 'Data', 'Dropout', 'EuclideanLoss', 'Flatten', 'HDF5Data'],
  ...['HDF5Output', 'Im2col', 'ImageData', 'InfogainLoss', 'InnerProduct', 'LRN', 'MultinomialLogisticLoss', 'Pooling'],
  ...['ReLU', 'Sigmoid', 'Softmax', 'SoftmaxWithLoss', 'Split', 'TanH', 'WindowData', 'Eltwise', 'Power'],
  ...['SigmoidCrossEntropyLoss', 'HingeLoss', 'MemoryData', 'ArgMax', 'Threshold', 'DummyData', 'Slice', 'MVN'],
  ...['AbsVal', 'Silence', 'ContrastiveLoss', 'Exp', 'Deconvolution'],
];

/** An array of a layer. */
export interface CaffeBlob {
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'float64';
  /** Its elements, little endian, in pieces of the file; usually there is one piece. The lengths sum up to the size. */
  readonly pieces: readonly Uint8Array[];
}

/** A layer. It has all parameter messages that this reader knows, with Caffe's defaults where the file has none. */
export type CaffeLayer = Omit<Message<typeof LAYER>, 'blobs'> & { readonly blobs: readonly CaffeBlob[] };

/** A net. */
export interface CaffeNet {
  readonly name: string;
  readonly layers: readonly CaffeLayer[];
}

type RawBlob = Message<typeof BLOB>;

/** The shape that a blob declares: in the new field, or as four old ones; null if it declares none. */
function declaredShape({ shape, num, channels, height, width }: RawBlob): readonly number[] | null {
  if (shape.dims.length > 0) return shape.dims;
  const sizes = [num, channels, height, width];
  return sizes.some((size) => size !== null) ? sizes.map((size) => size ?? 1) : null;
}

function readBlob(what: () => string, blob: RawBlob): CaffeBlob {
  const dtype = blob.doubles.length > 0 && blob.floats.length === 0 ? 'float64' : 'float32';
  const pieces = dtype === 'float64' ? blob.doubles : blob.floats;
  const count = pieces.reduce((sum, piece) => sum + piece.length, 0) / WIDTHS[dtype];
  const shape = declaredShape(blob) ?? [count];
  if (shape.some((size) => size < 0) || sizeOf(shape) !== count) {
    throw new FormatError(
      `${what()}: a blob of ${formatShape(shape)} takes ${sizeOf(shape)} elements, but ${count} come`,
    );
  }
  return { shape, dtype, pieces };
}

/**
 * Reads a .caffemodel. If a net has layers of both generations, the old ones are ignored, as in Chainer.
 *
 * @param what names the file in errors.
 * @param limits of the file's cost: `nodes` (layers, their bottoms, tops and arrays) and `elements`.
 * @throws FormatError when the bytes are not a NetParameter or exceed a limit, or when a blob's shape and its elements
 *   disagree.
 */
export function parseCaffemodel(bytes: Uint8Array, what = 'caffemodel', limits: Limits = {}): CaffeNet {
  const budget = new Budget(what, { nodes: MAX_NODES, ...limits }, bytes.length);
  const { name, layers, v1Layers } = readMessage(NET, bytes, what, budget);
  for (const { blobs } of layers.length > 0 ? layers : v1Layers) budget.spend('nodes', blobs.length, 'its arrays');
  // Layers inherit absent fields from a prototype; V1 layers get the defaults of current layers.
  const layerOf = (raw: Pick<Message<typeof LAYER>, 'name' | 'blobs'>, type?: string): CaffeLayer => {
    const blobs = raw.blobs.map((blob, i) => readBlob(() => `${what}: layer ${quoted(raw.name)}, blob ${i}`, blob));
    return Object.assign(Object.create(defaultsOf(LAYER)), raw, { blobs }, type === undefined ? {} : { type });
  };
  const found =
    layers.length > 0
      ? layers.map((layer) => layerOf(layer))
      : v1Layers.map((layer) => layerOf(layer, V1_TYPES[layer.type] ?? `V1 type ${layer.type}`));
  return { name, layers: found };
}

/** The elements of a blob, copied out of the file. */
export function decodeBlob({ shape, dtype, pieces }: CaffeBlob): HostArrayOf<NumericDType> {
  return decodeElements(dtype, shape, joined(pieces));
}
