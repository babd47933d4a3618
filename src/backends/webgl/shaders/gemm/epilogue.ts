/** The activations that a product can apply to its result. */

import type { Activation } from '../../../ops.js';
import type { Kind } from '../../storage.js';
import { type LibraryName, library } from '../math/library.js';

const ACTIVATIONS = {
  none: { expression: 'v' },
  relu: { expression: 'vec4(relu(v.x), relu(v.y), relu(v.z), relu(v.w))' },
  sigmoid: { expression: 'vec4(sigmoid(v.x), sigmoid(v.y), sigmoid(v.z), sigmoid(v.w))', uses: 'sigmoid' },
  tanh: {
    expression: 'vec4(hyperbolicTangent(v.x), hyperbolicTangent(v.y), hyperbolicTangent(v.z), hyperbolicTangent(v.w))',
    uses: 'hyperbolicTangent',
  },
} as const satisfies Record<Activation, { expression: string; uses?: LibraryName }>;

/** Compilers replace `x < 0.0 ? 0.0 : x` by a maximum, which drops NaN. */
const RELU = 'float relu(float x) { return isNotANumber(x) || x > 0.0 ? x : 0.0; }\n';

/** GLSL of `vec4 activate(vec4 v)`; for integers `ivec4 activate(ivec4 v)`, truncated toward zero. */
export function activationSource(activation: Activation, kind: Kind = 'float'): string {
  const { expression, uses }: { expression: string; uses?: LibraryName } = ACTIVATIONS[activation];
  const source = `${library(uses ? [uses] : [])}${RELU}vec4 activate(vec4 v) { return ${expression}; }\n`;
  if (kind === 'float') return source;
  const exact = activation === 'none' ? 'v' : activation === 'relu' ? 'max(v, ivec4(0))' : 'ivec4(activate(vec4(v)))';
  return `${source}ivec4 activate(ivec4 v) { return ${exact}; }\n`;
}
