/** The tensors among the arguments of a primitive, with the names of the arguments. */

import { OUTPUTS, type Primitive, type Tensor } from '../primitives.js';
import { RULES } from './rules.js';

/** A tensor of a call. */
export interface Operand {
  /** The name for messages: `x`, `options.bias`, `states[1]`. */
  readonly name: string;
  readonly tensor: Tensor;
  /** The number of the argument that the tensor is, or that holds it. */
  readonly place: number;
}

/** Whether a value is a tensor. The test reads no member: `memory` of an array is a getter with effects. */
function isTensor(value: unknown): value is Tensor {
  return typeof value === 'object' && value !== null && 'memory' in value && 'shape' in value && 'dtype' in value;
}

/** All tensors of a call, with those in lists and options. */
export function operandsOf(primitive: Primitive, args: readonly unknown[]): Operand[] {
  const { names } = RULES[primitive];
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
