/** Elementwise functions of two arrays: a table of GLSL expressions for `elementwise.ts`. */

import { typedOperand } from '../../../kernel-dtypes.js';
import type { BinaryOp } from '../../../ops.js';
import { kindOf } from '../../storage.js';
import type { LibraryName } from '../math/library.js';
import type { Shader } from '../shader.js';
import { elementwise } from './elementwise.js';

interface BinaryKernel {
  /** The result for floats `a` and `b`. */
  readonly float: string;
  /** The result for integers `a` and `b`. Default: `float`. */
  readonly int?: string;
  /** The library functions that `float` and `int` call. */
  readonly uses?: LibraryName;
  readonly intUses?: LibraryName;
}

const comparison = (operator: string): BinaryKernel => ({ float: `int(a ${operator} b)` });

const KERNELS = {
  add: { float: 'a + b' },
  subtract: { float: 'a - b' },
  multiply: { float: 'a * b' },
  divide: { float: 'a / b', int: 'floorQuotient(a, b)', intUses: 'wholeNumbers' },
  power: { float: 'power(a, b)', uses: 'power', intUses: 'wholeNumbers' },
  // A NaN on either side wins.
  maximum: { float: 'isNotANumber(a) || a > b ? a : b' },
  minimum: { float: 'isNotANumber(a) || a < b ? a : b' },
  mod: { float: 'modulus(a, b)', uses: 'remainder', intUses: 'wholeNumbers' },
  fmod: { float: 'remainder(a, b)', uses: 'remainder', intUses: 'wholeNumbers' },
  floorDivide: { float: 'floorQuotient(a, b)', uses: 'remainder', intUses: 'wholeNumbers' },
  arctan2: { float: 'arctangent2(a, b)', uses: 'arctangent2' },
  sigmoidGrad: { float: 'b * a * (1.0 - a)' },
  tanhGrad: { float: 'b * (1.0 - a * a)' },
  reluGrad: { float: 'a > 0.0 ? b : 0.0', int: 'a > 0 ? b : 0' },
  equal: comparison('=='),
  notEqual: comparison('!='),
  less: comparison('<'),
  lessEqual: comparison('<='),
  greater: comparison('>'),
  greaterEqual: comparison('>='),
  logicalAnd: { float: 'int(a != 0.0 && b != 0.0)', int: 'int(a != 0 && b != 0)' },
  logicalOr: { float: 'int(a != 0.0 || b != 0.0)', int: 'int(a != 0 || b != 0)' },
  logicalXor: { float: 'int((a != 0.0) != (b != 0.0))', int: 'int((a != 0) != (b != 0))' },
} satisfies Record<BinaryOp, BinaryKernel>;

/** out = op(a, b), broadcast; `out` may be an operand of its shape. */
export const binary: Shader<'binary'> = (painter, op, a, b, out) => {
  const { float, int = float, uses, intUses }: BinaryKernel = KERNELS[op];
  const numbers = kindOf(typedOperand(a, b, out).dtype);
  const used = numbers === 'float' ? uses : intUses;
  elementwise(
    painter,
    {
      name: op,
      body: `return ${numbers === 'float' ? float : int};`,
      uses: used ? [used] : [],
      operands: { a, b },
      numbers,
    },
    out,
  );
};
