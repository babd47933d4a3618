/** Which arguments each primitive fills: recording, checked mode and the graph's passes ask this table. */
import type { Primitive } from './primitives.js';

/** The places of the arguments that a primitive fills. */
export interface Outputs {
  /** The primitive writes every element, and reads none. */
  readonly whole: readonly number[];
  /** The primitive writes some elements, or adds to them. */
  readonly changed: readonly number[];
}

/** The {@link Outputs} of each primitive. */
export const OUTPUTS = {
  fill: { whole: [0], changed: [] },
  cast: { whole: [1], changed: [] },
  unary: { whole: [2], changed: [] },
  binary: { whole: [3], changed: [] },
  where: { whole: [3], changed: [] },
  reduce: { whole: [3], changed: [] },
  argReduce: { whole: [3], changed: [] },
  cumulative: { whole: [3], changed: [] },
  softmax: { whole: [3], changed: [] },
  moments: { whole: [2, 3], changed: [] },
  comoments: { whole: [4, 5], changed: [] },
  affine: { whole: [3], changed: [] },
  copy: { whole: [], changed: [2] },
  addToView: { whole: [], changed: [1] },
  gather: { whole: [3], changed: [] },
  scatterAdd: { whole: [], changed: [3] },
  matmul: { whole: [2], changed: [] },
  conv2d: { whole: [4], changed: [] },
  conv2dGradInput: { whole: [3], changed: [] },
  conv2dGradWeight: { whole: [3], changed: [] },
  maxPool2d: { whole: [2, 3], changed: [] },
  maxPool2dGrad: { whole: [3], changed: [] },
  maxPool2dGather: { whole: [3], changed: [] },
  averagePool2d: { whole: [2], changed: [] },
  averagePool2dGrad: { whole: [2], changed: [] },
  random: { whole: [3], changed: [] },
  update: { whole: [], changed: [1, 3] },
} as const satisfies Record<Primitive, Outputs>;
