/**
 * The ways to compute a float32 convolution, what each would cost for a shape, and which is the cheapest. The costs are
 * nanoseconds on one machine; only their order counts, and `node bench/cost-model.mjs` holds it against measurements.
 */
import { DeviceError } from '../../errors.js';
import type { Conv2dGeometry, Tensor } from '../primitives.js';
import type { Blocking } from './machine.js';
import { roundUp } from './products.js';

/**
 * - `im2col`: the product of the filters with a column matrix that exists only as packed panels; computes anything.
 * - `product`: a filter that covers its whole image is one row of a matrix.
 * - `depthwise`: groups of one channel are summed directly.
 * - `winograd2`, `winograd4`, `winograd6`: F(2×2, 3×3), F(4×4, 3×3), F(6×6, 3×3). Their errors, of uniform operands
 *   and relative to the largest Σ|x·w|, stay below 5e-7, 2e-6 and 1e-5, the fewer channels the larger, and of
 *   gradients in filters from a few pixels below thrice that; a NaN or an infinity spreads to all outputs of its tile.
 */
export const CONVOLUTION_ALGORITHMS = [
  'im2col',
  'product',
  'depthwise',
  'winograd2',
  'winograd4',
  'winograd6',
] as const;
export type ConvolutionAlgorithm = (typeof CONVOLUTION_ALGORITHMS)[number];

/** @throws DeviceError if a name that is given is not one of {@link CONVOLUTION_ALGORITHMS}. */
export function checkAlgorithm(name: ConvolutionAlgorithm | undefined): void {
  if (name !== undefined && !CONVOLUTION_ALGORITHMS.includes(name)) {
    throw new DeviceError(
      `wasm: '${name}' is no convolution algorithm; there are ${CONVOLUTION_ALGORITHMS.join(', ')}`,
    );
  }
}

/** What a choice depends on. For the adjoint in x, that is the convolution of gy which computes it. */
export interface ConvolutionShape {
  readonly batch: number;
  readonly groups: number;
  /** Channels of one group. */
  readonly channels: number;
  readonly outChannels: number;
  readonly size: readonly [height: number, width: number];
  readonly outSize: readonly [height: number, width: number];
  readonly kernel: readonly [height: number, width: number];
  readonly geometry: Conv2dGeometry;
  /** Whether filters were packed or transformed beforehand. */
  readonly isPrepared: boolean;
}

/** Nanoseconds of one multiply-add in the product's tile; and how many more terms a sum seems to have than it has. */
const MULTIPLY_ADD = 0.036;
const EXTRA_TERMS = 6;

/** For an element of the column matrix, and for one of the filters, that is packed. */
const PACK_COLUMN = 0.5;
const PACK_FILTER = 0.6;

/** Of a direct sum, for each multiply-add. */
const DIRECT = 0.08;

/** For a byte of transformed filters that comes from beyond the second cache, for each block of tiles. */
const READ_FILTER = 0.07;

/** For each tile and channel, or each filter of a channel, that is transformed. */
const TRANSFORMS = {
  2: { input: 4, output: 5, filter: 8 },
  4: { input: 9, output: 14, filter: 14 },
  6: { input: 16, output: 32, filter: 26 },
} as const;

/** For a byte of transformed filters that is kept: of two algorithms that are equally fast, the one that takes less memory. */
const KEEP_FILTER = 0.05;

/** Tiles that share one reading of the filters, about. */
const TILES_PER_READING = 48;

/** Nanoseconds of a product of blocks, ragged tiles counted as whole ones. */
const productCost = ({ tileRows }: Blocking, m: number, n: number, k: number): number =>
  roundUp(m, tileRows) * roundUp(n, 4) * (k + EXTRA_TERMS) * MULTIPLY_ADD;

function im2colCost(shape: ConvolutionShape, blocking: Blocking): number {
  const { batch, groups, channels, outChannels, outSize, kernel, isPrepared } = shape;
  const terms = channels * kernel[0] * kernel[1];
  const pixels = batch * outSize[0] * outSize[1];
  const columns = terms * pixels * PACK_COLUMN;
  const filters = isPrepared ? 0 : terms * outChannels * PACK_FILTER;
  return groups * (productCost(blocking, outChannels, pixels, terms) + columns + filters);
}

function depthwiseCost({ batch, groups, outChannels, outSize, kernel }: ConvolutionShape): number {
  return groups * outChannels * batch * outSize[0] * outSize[1] * kernel[0] * kernel[1] * DIRECT;
}

function winogradCost(m: 2 | 4 | 6, shape: ConvolutionShape, blocking: Blocking): number {
  const { batch, groups, channels, outChannels, outSize, isPrepared } = shape;
  const { input, output, filter } = TRANSFORMS[m];
  const places = (m + 2) ** 2;
  const tiles = batch * Math.ceil(outSize[0] / m) * Math.ceil(outSize[1] / m);
  const filters = channels * outChannels;
  const forFilters = filters * (isPrepared ? places * 4 * KEEP_FILTER : filter);
  const transforms = tiles * (channels * input + outChannels * output) + forFilters;
  const readings = Math.ceil(tiles / TILES_PER_READING) * places * filters * 4;
  const product = places * productCost(blocking, outChannels, tiles, channels);
  // Reading ahead hides behind the product, or the product behind it.
  return groups * (Math.max(product, readings * READ_FILTER) + transforms);
}

/** For each filter of a channel: its transform back, and the sums of its places in memory. */
const GATHER_FILTER = { 4: 24, 6: 36 } as const;

/** For each tile and output channel whose gradient is transformed. */
const SPREAD_OUTPUT = { 4: 12, 6: 25 } as const;

/** For each product of one place of a block of tiles, however small; and the tiles of a block, about. */
const CALL = 35;
const GRADIENT_TILES = 96;

function im2colGradWeightCost(shape: ConvolutionShape, blocking: Blocking): number {
  const { batch, groups, channels, outChannels, outSize, kernel } = shape;
  const terms = channels * kernel[0] * kernel[1];
  const pixels = batch * outSize[0] * outSize[1];
  return groups * (productCost(blocking, outChannels, terms, pixels) + terms * pixels * PACK_COLUMN);
}

function winogradGradWeightCost(m: 4 | 6, shape: ConvolutionShape, blocking: Blocking): number {
  const { batch, groups, channels, outChannels, outSize } = shape;
  const tiles = batch * Math.ceil(outSize[0] / m) * Math.ceil(outSize[1] / m);
  const lanes = roundUp(channels, 4) * TRANSFORMS[m].input + roundUp(outChannels, blocking.tileRows) * SPREAD_OUTPUT[m];
  const calls = Math.ceil(tiles / GRADIENT_TILES) * CALL;
  const product = (m + 2) ** 2 * (productCost(blocking, outChannels, channels, tiles) + calls);
  return groups * (product + tiles * lanes + channels * outChannels * GATHER_FILTER[m]);
}

/** Nanoseconds of a shape. */
type Costs = Readonly<Record<ConvolutionAlgorithm, (shape: ConvolutionShape, blocking: Blocking) => number>>;

const COSTS: Costs = {
  product: () => 0,
  depthwise: depthwiseCost,
  im2col: im2colCost,
  winograd2: (shape, blocking) => winogradCost(2, shape, blocking),
  winograd4: (shape, blocking) => winogradCost(4, shape, blocking),
  winograd6: (shape, blocking) => winogradCost(6, shape, blocking),
};

/** The costs of the gradient in the filters; `winograd2` has no kernel for it. */
export const GRAD_WEIGHT_COSTS: Costs = {
  ...COSTS,
  im2col: im2colGradWeightCost,
  winograd4: (shape, blocking) => winogradGradWeightCost(4, shape, blocking),
  winograd6: (shape, blocking) => winogradGradWeightCost(6, shape, blocking),
};

/** Whether a filter sees its whole image at once, so that the output is one pixel and each image one row of a matrix. */
export function coversImage({ groups, size, outSize, kernel, geometry: { pad } }: ConvolutionShape): boolean {
  return (
    groups === 1 &&
    pad[0] === 0 &&
    pad[1] === 0 &&
    outSize[0] === 1 &&
    outSize[1] === 1 &&
    kernel[0] === size[0] &&
    kernel[1] === size[1]
  );
}

/** Whether groups are single channels with so few outputs that a product would be all packing. */
export const isDepthwise = ({ groups, channels, outChannels }: ConvolutionShape): boolean =>
  groups > 1 && channels === 1 && outChannels < 4;

/** Whether filters are 3 × 3, and each pixel begins a window. */
const isWinograd = ({ kernel, channels, geometry: { stride, dilation, pad } }: ConvolutionShape): boolean =>
  channels > 0 &&
  kernel[0] === 3 &&
  kernel[1] === 3 &&
  stride[0] === 1 &&
  stride[1] === 1 &&
  dilation[0] === 1 &&
  dilation[1] === 1 &&
  pad[0] >= 0 &&
  pad[1] >= 0;

const APPLIES = {
  product: coversImage,
  depthwise: isDepthwise,
  im2col: () => true,
  winograd2: isWinograd,
  winograd4: isWinograd,
  winograd6: isWinograd,
} satisfies Record<ConvolutionAlgorithm, (shape: ConvolutionShape) => boolean>;

/** The shape of a convolution that is computed from `x` to `y`; of a turned one filters are (channels, outChannels, …). */
export function shapeOf(
  x: Tensor,
  w: Tensor,
  geometry: Conv2dGeometry,
  y: Tensor,
  isPrepared = false,
): ConvolutionShape {
  return {
    batch: x.shape[0],
    groups: geometry.groups,
    channels: x.shape[1] / geometry.groups,
    outChannels: y.shape[1] / geometry.groups,
    size: [x.shape[2], x.shape[3]],
    outSize: [y.shape[2], y.shape[3]],
    kernel: [w.shape[2], w.shape[3]],
    geometry,
    isPrepared,
  };
}

/**
 * The cheapest of the algorithms that can compute a convolution; if `forced` names one that can, that one.
 *
 * @param among the algorithms that exist for this direction; the first computes anything.
 * @param costs of this direction. Default: those of forward, which the adjoint in x shares.
 */
export function chooseAlgorithm<A extends ConvolutionAlgorithm>(
  shape: ConvolutionShape,
  blocking: Blocking,
  forced: ConvolutionAlgorithm | undefined,
  among: readonly A[],
  costs: Costs = COSTS,
): A {
  let best = among[0];
  let least = Number.POSITIVE_INFINITY;
  for (const name of among) {
    if (!APPLIES[name](shape)) continue;
    if (name === forced) return name;
    const cost = costs[name](shape, blocking);
    if (cost < least) [best, least] = [name, cost];
  }
  return best;
}
