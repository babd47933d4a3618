/** Changes of dtype. Floats are truncated toward zero; numbers beyond a byte wrap. */

import { kindOf, type WebglDType } from '../../storage.js';
import type { Shader } from '../shader.js';
import { elementwise } from './elementwise.js';

/** The new value of an element `x`. `elementwise.ts` wraps uint8. */
const CONVERSIONS = {
  float32: 'float(x)',
  int32: 'int(x)',
  uint8: 'int(x)',
  bool: 'int(bool(x))',
} satisfies Record<WebglDType, string>;

/** out = x in the dtype of `out`. */
export const cast: Shader<'cast'> = (painter, x, out) => {
  // GLSL leaves the conversion of NaN to bool undefined.
  const fromFloat = kindOf(x.dtype) === 'float' && out.dtype === 'bool';
  const body = `return ${fromFloat ? 'int(isNotANumber(x) || x != 0.0)' : CONVERSIONS[out.dtype]};`;
  elementwise(painter, { name: `cast ${x.dtype}`, body, operands: { x } }, out);
};
