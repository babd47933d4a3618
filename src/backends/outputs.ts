/** Which arguments each primitive fills: recording, checked mode and the graph's passes ask this table. */
import type { Primitive } from './primitives.js';

/**
 * The places of the tensors that a primitive fills. `whole` ones are written without being read; `changed` ones keep what the
 * primitive does not visit, or add to it.
 */
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
} as const satisfies Record<Primitive, { whole: readonly number[]; changed: readonly number[] }>;
