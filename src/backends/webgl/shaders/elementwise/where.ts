/** A choice between two arrays by a third. */

import type { Painter } from '../../painter.js';
import type { TextureTensor } from '../../storage.js';
import { elementwise, type Operand } from './elementwise.js';

/** out = condition ? a : b, broadcast; `out` may be an operand of its shape. */
export function where(painter: Painter, condition: TextureTensor, a: Operand, b: Operand, out: TextureTensor): void {
  const body = 'if (condition != 0) return a;\n  return b;';
  elementwise(painter, { name: 'where', body, operands: { condition, a, b } }, out);
}
