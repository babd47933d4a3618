/** What a product may do to its result before it is stored: add a bias, apply an activation. */

import type { Activation } from '../../backend.js';
import { type LibraryName, library } from './elementary.js';

const ACTIVATIONS = {
  none: { expression: 'v' },
  relu: { expression: 'vec4(relu(v.x), relu(v.y), relu(v.z), relu(v.w))' },
  sigmoid: { expression: 'vec4(sigmoid(v.x), sigmoid(v.y), sigmoid(v.z), sigmoid(v.w))', uses: 'sigmoid' },
  tanh: {
    expression: 'vec4(hyperbolicTangent(v.x), hyperbolicTangent(v.y), hyperbolicTangent(v.z), hyperbolicTangent(v.w))',
    uses: 'hyperbolicTangent',
  },
} as const satisfies Record<Activation, { expression: string; uses?: LibraryName }>;

/** Compilers take `x < 0.0 ? 0.0 : x` for a maximum, which drops NaN. */
const RELU = 'float relu(float x) { return isNotANumber(x) || x > 0.0 ? x : 0.0; }\n';

/** Declares `vec4 activate(vec4 v)`. */
export function activationSource(activation: Activation): string {
  const { expression, uses }: { expression: string; uses?: LibraryName } = ACTIVATIONS[activation];
  return `${library(uses ? [uses] : [])}${RELU}vec4 activate(vec4 v) { return ${expression}; }\n`;
}
