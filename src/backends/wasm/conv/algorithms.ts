/** The algorithms of a convolution and of its gradients, and the choice among them. */
import { DeviceError } from '../../../errors.js';
import type { CallKind } from '../calls/call-kind.js';
import type { ConvolutionProblem } from '../calls/convolution.js';
import { depthwise } from '../calls/depthwise.js';
import { im2col } from '../calls/im2col.js';
import { winograd } from '../calls/winograd.js';
import type { Blocking } from '../machine.js';
import { depthwiseCost, im2colCost, im2colGradWeightCost, winogradCost, winogradGradWeightCost } from './costs.js';
import { product } from './product.js';
import { adjointOf, type ConvolutionShape, coversImage, isDepthwise, isThreeByThree } from './shape.js';

/**
 * - `im2col`: the product of the filters with a column matrix that exists only as packed panels; computes anything.
 * - `product`: a filter that covers its whole image is one row of a matrix.
 * - `depthwise`: groups of one channel are summed directly.
 * - `winograd2`, `winograd4`, `winograd6`: F(2×2, 3×3), F(4×4, 3×3), F(6×6, 3×3). For uniform operands, and relative to
 *   the largest Σ|x·w|, their errors stay below 5e-7, 2e-6 and 1e-5; fewer channels err more. Gradients in filters from a
 *   few pixels err up to three times as much. A NaN or an infinity spreads to all outputs of its tile.
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

/** @throws DeviceError if `name` is not one of {@link CONVOLUTION_ALGORITHMS}. */
export function checkAlgorithm(name: ConvolutionAlgorithm | undefined): void {
  if (name !== undefined && !CONVOLUTION_ALGORITHMS.includes(name)) {
    throw new DeviceError(
      `wasm: '${name}' is not a convolution algorithm; there are ${CONVOLUTION_ALGORITHMS.join(', ')}`,
    );
  }
}

/** A way to compute one direction of a convolution. */
export interface Algorithm {
  readonly name: ConvolutionAlgorithm;
  readonly applies: (shape: ConvolutionShape) => boolean;
  /** Nanoseconds, about. */
  readonly cost: (shape: ConvolutionShape, blocking: Blocking) => number;
  readonly kind: CallKind<ConvolutionProblem>;
}

/** The algorithms of one direction. The first computes anything. */
export type Direction = readonly Algorithm[];

const always = () => true;
/** The cost of an algorithm that is the fastest wherever it applies. */
const least = () => 0;

const forward: Direction = [
  { name: 'im2col', applies: always, cost: im2colCost, kind: im2col.forward },
  { name: 'product', applies: coversImage, cost: least, kind: product.forward },
  { name: 'depthwise', applies: isDepthwise, cost: depthwiseCost, kind: depthwise.forward },
  ...([2, 4, 6] as const).map((m) => ({
    name: `winograd${m}` as const,
    applies: isThreeByThree,
    cost: (shape: ConvolutionShape, blocking: Blocking) => winogradCost(m, shape, blocking),
    kind: winograd.forward[m],
  })),
];

const gradInput: Direction = [
  {
    name: 'im2col',
    applies: always,
    cost: (shape, blocking) => im2colCost(adjointOf(shape), blocking),
    kind: im2col.gradInput,
  },
  { name: 'product', applies: coversImage, cost: least, kind: product.gradInput },
  { name: 'depthwise', applies: isDepthwise, cost: least, kind: depthwise.gradInput },
  ...([2, 4, 6] as const).map((m) => ({
    name: `winograd${m}` as const,
    applies: (shape: ConvolutionShape) => isThreeByThree(adjointOf(shape)),
    cost: (shape: ConvolutionShape, blocking: Blocking) => winogradCost(m, adjointOf(shape), blocking),
    kind: winograd.gradInput[m],
  })),
];

/** F(2×2, 3×3) has no kernel for it. */
const gradWeight: Direction = [
  { name: 'im2col', applies: always, cost: im2colGradWeightCost, kind: im2col.gradWeight },
  { name: 'product', applies: coversImage, cost: least, kind: product.gradWeight },
  { name: 'depthwise', applies: isDepthwise, cost: least, kind: depthwise.gradWeight },
  ...([4, 6] as const).map((m) => ({
    name: `winograd${m}` as const,
    applies: isThreeByThree,
    cost: (shape: ConvolutionShape, blocking: Blocking) => winogradGradWeightCost(m, shape, blocking),
    kind: winograd.gradWeight[m],
  })),
];

/** The algorithms, by the operand that they compute. */
export const DIRECTIONS = { forward, gradInput, gradWeight };

/**
 * The cheapest algorithm that applies to a shape; the one that `forced` names if it applies.
 *
 * @param among the algorithms of a direction, all or some; the first applies to any shape.
 */
export function chooseAlgorithm(
  among: Direction,
  shape: ConvolutionShape,
  blocking: Blocking,
  forced?: ConvolutionAlgorithm,
): Algorithm {
  let best = among[0];
  let leastCost = Number.POSITIVE_INFINITY;
  for (const algorithm of among) {
    if (!algorithm.applies(shape)) continue;
    if (algorithm.name === forced) return algorithm;
    const cost = algorithm.cost(shape, blocking);
    if (cost < leastCost) [best, leastCost] = [algorithm, cost];
  }
  return best;
}
