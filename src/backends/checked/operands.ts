/** The tensors among the arguments of a primitive, by the names that the seam gives them. */

import { OUTPUTS } from '../outputs.js';
import type { Primitive, Tensor } from '../primitives.js';

/** The arguments of each primitive, in the seam's order; of those that are lists or objects, their members follow. */
const NAMES = {
  fill: ['out', 'value'],
  cast: ['x', 'out'],
  unary: ['op', 'x', 'out'],
  binary: ['op', 'a', 'b', 'out'],
  where: ['condition', 'a', 'b', 'out'],
  reduce: ['op', 'x', 'axes', 'out'],
  argReduce: ['op', 'x', 'axis', 'out'],
  cumulative: ['op', 'x', 'axis', 'out'],
  softmax: ['x', 'axis', 'log', 'out'],
  moments: ['x', 'axes', 'mean', 'variance'],
  comoments: ['x', 'center', 'y', 'axes', 'sum', 'product'],
  affine: ['x', 'coefficients', 'addend', 'out'],
  copy: ['x', 'from', 'out', 'to', 'shape'],
  addToView: ['x', 'out', 'to'],
  gather: ['x', 'indices', 'axis', 'out'],
  scatterAdd: ['x', 'indices', 'axis', 'out'],
  matmul: ['a', 'b', 'out', 'options'],
  conv2d: ['x', 'w', 'bias', 'geometry', 'out', 'epilogue'],
  conv2dGradInput: ['gy', 'w', 'geometry', 'out'],
  conv2dGradWeight: ['x', 'gy', 'geometry', 'out'],
  maxPool2d: ['x', 'geometry', 'out', 'indices'],
  maxPool2dGrad: ['gy', 'indices', 'geometry', 'out'],
  maxPool2dGather: ['x', 'indices', 'geometry', 'out'],
  averagePool2d: ['x', 'geometry', 'out'],
  averagePool2dGrad: ['gy', 'geometry', 'out'],
  random: ['kind', 'seed', 'stream', 'out'],
  update: ['rule', 'param', 'grad', 'states', 'hyperparameters'],
} satisfies Record<Primitive, readonly string[]>;

/** A tensor of a call. */
export interface Operand {
  /** What the seam calls it: `x`, `options.bias`, `states[1]`. */
  readonly name: string;
  readonly tensor: Tensor;
  /** The place of the argument that it is, or is in. */
  readonly place: number;
}

/** Whether a value is a tensor: arrays have `memory` as a getter, which is not looked at. */
function isTensor(value: unknown): value is Tensor {
  return typeof value === 'object' && value !== null && 'memory' in value && 'shape' in value && 'dtype' in value;
}

/** All tensors of a call, also those in lists and in options. */
export function operandsOf(primitive: Primitive, args: readonly unknown[]): Operand[] {
  const names = NAMES[primitive];
  return args.flatMap((arg, place) => {
    const name = names[place] ?? `argument ${place}`;
    if (isTensor(arg)) return [{ name, tensor: arg, place }];
    if (typeof arg !== 'object' || arg === null) return [];
    return Object.entries(arg).flatMap(([key, member]) =>
      isTensor(member)
        ? [{ name: Array.isArray(arg) ? `${name}[${key}]` : `${name}.${key}`, tensor: member, place }]
        : [],
    );
  });
}

/** Whether a call writes an operand. */
export function isFilled(primitive: Primitive, { place }: Operand): boolean {
  const { whole, changed } = OUTPUTS[primitive];
  return [...whole, ...changed].some((filled) => filled === place);
}
