/** The choice between the elements of two arrays, by a third array. */

import type { Shader } from '../shader.js';
import { elementwise } from './elementwise.js';

/** out = condition ? a : b, broadcast; `out` may be an operand of its shape. */
export const where: Shader<'where'> = (painter, condition, a, b, out) => {
  const body = 'if (condition != 0) return a;\n  return b;';
  elementwise(painter, { name: 'where', body, operands: { condition, a, b } }, out);
};
