/** Elementwise functions of one array: a table of GLSL expressions for `elementwise.ts`. */

import type { UnaryOp } from '../../../ops.js';
import { kindOf } from '../../storage.js';
import type { LibraryName } from '../math/library.js';
import type { Shader } from '../shader.js';
import { elementwise } from './elementwise.js';

interface UnaryKernel {
  /** The result for a float `x`. */
  readonly float: string;
  /** The result for an integer `x`. Operations of floats alone have none. */
  readonly int?: string;
  readonly uses?: LibraryName;
}

/** A kernel that calls a function of the library. */
const call = (name: string, uses: LibraryName): UnaryKernel => ({ float: `${name}(x)`, uses });

const KERNELS = {
  negative: { float: '-x', int: '-x' },
  absolute: { float: 'abs(x)', int: 'abs(x)' },
  sign: { float: 'isNotANumber(x) ? x : sign(x)', int: 'sign(x)' },
  square: { float: 'x * x', int: 'x * x' },
  // Compilers replace `x < 0.0 ? 0.0 : x` by a maximum, which drops NaN.
  relu: { float: 'isNotANumber(x) || x > 0.0 ? x : 0.0', int: 'max(x, 0)' },
  ceil: { float: 'ceil(x)', int: 'x' },
  floor: { float: 'floor(x)', int: 'x' },
  rint: { float: 'roundEven(x)', int: 'x' },
  trunc: { float: 'trunc(x)', int: 'x' },
  sqrt: { float: 'x < 0.0 ? NOT_A_NUMBER : sqrt(x)' },
  rsqrt: { float: 'x < 0.0 ? NOT_A_NUMBER : 1.0 / sqrt(x)' },
  reciprocal: { float: '1.0 / x' },
  exp: call('exponential', 'exponential'),
  exp2: call('exponential2', 'exponential2'),
  expm1: call('exponentialMinus1', 'exponentialMinus1'),
  log: call('logarithm', 'logarithm'),
  log2: call('logarithm2', 'logarithm2'),
  log10: call('logarithm10', 'logarithm10'),
  log1p: call('logarithm1p', 'logarithm1p'),
  sin: call('sine', 'sine'),
  cos: call('cosine', 'cosine'),
  tan: call('tangent', 'tangent'),
  arcsin: call('arcsine', 'arcsine'),
  arccos: call('arccosine', 'arccosine'),
  arctan: call('arctangent', 'arctangent'),
  sinh: call('hyperbolicSine', 'hyperbolicSine'),
  cosh: call('hyperbolicCosine', 'hyperbolicCosine'),
  tanh: call('hyperbolicTangent', 'hyperbolicTangent'),
  erf: call('errorFunction', 'errorFunction'),
  erfc: call('errorComplement', 'errorComplement'),
  sigmoid: call('sigmoid', 'sigmoid'),
  softplus: call('softplus', 'softplus'),
  logicalNot: { float: 'int(x == 0.0)', int: 'int(x == 0)' },
  isNan: { float: 'int(isNotANumber(x))', int: '0' },
  isInf: { float: 'int(isInfinite(x))', int: '0' },
} satisfies Record<UnaryOp, UnaryKernel>;

/** out = op(x); `out` may be `x`. */
export const unary: Shader<'unary'> = (painter, op, x, out) => {
  const { float, int = float, uses }: UnaryKernel = KERNELS[op];
  const expression = kindOf(x.dtype) === 'float' ? float : int;
  elementwise(painter, { name: op, body: `return ${expression};`, uses: uses ? [uses] : [], operands: { x } }, out);
};
