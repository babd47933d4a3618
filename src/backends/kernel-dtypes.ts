/**
 * Refuses operations and dtypes that a primitive has no kernel for: it would take their bytes for others. Every backend asks here, so all
 * refuse the same.
 */
import { DTypeError, ValueError } from '../errors.js';
import { inWords } from '../options.js';
import { BINARY_OPS, type BinaryOp, COMPARISONS, UNARY_OPS, type UnaryOp } from './ops.js';
import type { DType, Tensor } from './primitives.js';

/** The unary operations that compute any dtype but bool, and keep it: the first of the list. */
export const KEEPS_INTEGERS: ReadonlySet<UnaryOp> = new Set(UNARY_OPS.slice(0, UNARY_OPS.indexOf('sqrt')));

/** The unary operations that fill a bool, from any dtype: the last of the list. */
export const TESTS: ReadonlySet<UnaryOp> = new Set(UNARY_OPS.slice(UNARY_OPS.indexOf('logicalNot')));

const COMPARING: ReadonlySet<BinaryOp> = new Set<BinaryOp>(COMPARISONS);

/** The binary operations of floats alone. */
const FLOATING: ReadonlySet<BinaryOp> = new Set<BinaryOp>(['arctan2', 'sigmoidGrad', 'tanhGrad']);

const isFloating = (dtype: DType): boolean => dtype === 'float32' || dtype === 'float64';

/** @throws DTypeError always. */
function refuse(op: string, expected: string, dtype: DType): never {
  throw new DTypeError(`${String(op)}: expected ${expected}, got ${dtype}`);
}

/** @throws ValueError unless `op` is one of the names. */
export function assertKnown(op: string, names: readonly string[]): void {
  if (names.includes(op)) return;
  const given = typeof op === 'string' ? `'${op}'` : inWords(op);
  throw new ValueError(`there is no operation ${given}; there are ${names.join(', ')}`);
}

/** An operand of a primitive: numbers and absent ones are of any dtype. */
type Operand = Tensor | number | null | undefined;

const isOther = (x: Operand, dtype: DType): boolean => typeof x === 'object' && x !== null && x.dtype !== dtype;

/** Operands of this dtype. They are no rest parameter, since each call of a primitive asks. @throws DTypeError */
export function assertDType(
  op: string,
  dtype: DType,
  a: Operand,
  b?: Operand,
  c?: Operand,
  d?: Operand,
  e?: Operand,
  f?: Operand,
): void {
  const isOneOther =
    isOther(a, dtype) ||
    isOther(b, dtype) ||
    isOther(c, dtype) ||
    isOther(d, dtype) ||
    isOther(e, dtype) ||
    isOther(f, dtype);
  if (isOneOther) refuse(op, dtype, ([a, b, c, d, e, f].find((x) => isOther(x, dtype)) as Tensor).dtype);
}

/** A tensor of a floating dtype, and others of the same. @throws DTypeError */
export function assertFloating(
  op: string,
  { dtype }: Tensor,
  a?: Operand,
  b?: Operand,
  c?: Operand,
  d?: Operand,
  e?: Operand,
  f?: Operand,
): void {
  if (!isFloating(dtype)) refuse(op, 'float32 or float64', dtype);
  assertDType(op, dtype, a, b, c, d, e, f);
}

/** A tensor of a dtype that products have kernels for, and others of the same. @throws DTypeError */
export function assertProduct(
  op: string,
  { dtype }: Tensor,
  b: Operand,
  out: Operand,
  bias: Operand,
  residual: Operand,
): void {
  if (!isFloating(dtype) && dtype !== 'int32') refuse(op, 'float32, float64 or int32', dtype);
  assertDType(op, dtype, b, out, bias, residual);
}

/** @throws ValueError for a name that is none; DTypeError for a dtype without a kernel, or a result that cannot hold what it computes. */
export function assertUnary(op: UnaryOp, x: Tensor, out: Tensor): void {
  assertKnown(op, UNARY_OPS);
  if (TESTS.has(op)) {
    assertDType(op, 'bool', out);
    return;
  }
  if (!isFloating(x.dtype) && !(KEEPS_INTEGERS.has(op) && x.dtype !== 'bool'))
    refuse(op, KEEPS_INTEGERS.has(op) ? 'any dtype but bool' : 'float32 or float64', x.dtype);
  assertDType(op, x.dtype, out);
}

/** As {@link assertUnary}; operands are of `dtype`, which a number takes. */
export function assertBinary(op: BinaryOp, dtype: DType, a: Tensor | number, b: Tensor | number, out: Tensor): void {
  assertKnown(op, BINARY_OPS);
  assertDType(op, dtype, a, b);
  if (FLOATING.has(op) && !isFloating(dtype)) refuse(op, 'float32 or float64', dtype);
  assertDType(op, COMPARING.has(op) ? 'bool' : dtype, out);
}
