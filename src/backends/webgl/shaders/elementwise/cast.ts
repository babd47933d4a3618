/** Changes of dtype. Floats are cut toward zero; what does not fit into a byte wraps. */

import { kindOf, type WebglDType } from '../../storage.js';
import type { Shader } from '../shader.js';
import { elementwise } from './elementwise.js';

/** What an element `x` becomes; uint8 is wrapped by elementwise.ts. */
const CONVERSIONS = {
  float32: 'float(x)',
  int32: 'int(x)',
  uint8: 'int(x)',
  bool: 'int(bool(x))',
} satisfies Record<WebglDType, string>;

/** out = x in the dtype of `out`. */
export const cast: Shader<'cast'> = (painter, x, out) => {
  // A conversion of NaN to bool is left open by GLSL.
  const fromFloat = kindOf(x.dtype) === 'float' && out.dtype === 'bool';
  const body = `return ${fromFloat ? 'int(isNotANumber(x) || x != 0.0)' : CONVERSIONS[out.dtype]};`;
  elementwise(painter, { name: `cast ${x.dtype}`, body, operands: { x } }, out);
};
