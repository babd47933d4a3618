/** What a product may do to its result before it is stored: add a bias, apply an activation. */

import type { Activation } from '../../backend.js';
import { type LibraryName, library } from './elementary.js';

const ACTIVATIONS = {
  none: { expression: 'v' },
  // Not max(v, 0): a NaN must stay one.
  relu: {
    expression: 'vec4(v.x < 0.0 ? 0.0 : v.x, v.y < 0.0 ? 0.0 : v.y, v.z < 0.0 ? 0.0 : v.z, v.w < 0.0 ? 0.0 : v.w)',
  },
  sigmoid: { expression: 'vec4(sigmoid(v.x), sigmoid(v.y), sigmoid(v.z), sigmoid(v.w))', uses: 'sigmoid' },
  tanh: {
    expression: 'vec4(hyperbolicTangent(v.x), hyperbolicTangent(v.y), hyperbolicTangent(v.z), hyperbolicTangent(v.w))',
    uses: 'hyperbolicTangent',
  },
} as const satisfies Record<Activation, { expression: string; uses?: LibraryName }>;

/** Declares `vec4 activate(vec4 v)`. */
export function activationSource(activation: Activation): string {
  const { expression, uses }: { expression: string; uses?: LibraryName } = ACTIVATIONS[activation];
  return `${library(uses ? [uses] : [])}vec4 activate(vec4 v) { return ${expression}; }\n`;
}
