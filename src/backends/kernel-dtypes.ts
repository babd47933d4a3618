/**
 * Refuses operations that do not exist, and dtypes without a kernel: a kernel of another dtype would misread their bytes. See
 * `operand-checks.ts` for the checks of each primitive.
 */
import { DTypeError, ValueError } from '../errors.js';
import { inWords } from '../options.js';
import type { DType, Tensor } from './primitives.js';

/** An operand of a primitive: numbers and absent operands have any dtype. */
type Operand = Tensor | number | null | undefined;

const isFloating = (dtype: DType): boolean => dtype === 'float32' || dtype === 'float64';

/**
 * The tensor whose dtype a binary operation computes in: the first operand that is a tensor. A number takes the dtype of the other
 * operand; two numbers take that of the result.
 */
export function typedOperand<T extends object>(a: T | number, b: T | number, out: T): T {
  return typeof a !== 'number' ? a : typeof b !== 'number' ? b : out;
}

/** @throws DTypeError always. */
function refuse(op: string, expected: string, dtype: DType): never {
  throw new DTypeError(`${op}: expected ${expected}, got ${dtype}`);
}

/** @throws ValueError unless `op` is one of the names. */
export function assertKnown(op: string, names: readonly string[]): void {
  if (names.includes(op)) return;
  const given = typeof op === 'string' ? `'${op}'` : inWords(op);
  throw new ValueError(`there is no operation ${given}; there are ${names.join(', ')}`);
}

/** All operands have this dtype. @throws DTypeError */
export function assertDType(op: string, dtype: DType, ...operands: readonly Operand[]): void {
  for (const x of operands) if (typeof x === 'object' && x !== null && x.dtype !== dtype) refuse(op, dtype, x.dtype);
}

/** x has a floating dtype, and the others have the same. @throws DTypeError */
export function assertFloating(op: string, { dtype }: Tensor, ...others: readonly Operand[]): void {
  if (!isFloating(dtype)) refuse(op, 'float32 or float64', dtype);
  assertDType(op, dtype, ...others);
}

/** x has any dtype but bool, and the others have the same. @throws DTypeError */
export function assertNumbers(op: string, { dtype }: Tensor, ...others: readonly Operand[]): void {
  if (dtype === 'bool') refuse(op, 'any dtype but bool', dtype);
  assertDType(op, dtype, ...others);
}

/** x has a dtype that products have kernels for, and the others have the same. @throws DTypeError */
export function assertProduct(op: string, { dtype }: Tensor, ...others: readonly Operand[]): void {
  if (!isFloating(dtype) && dtype !== 'int32') refuse(op, 'float32, float64 or int32', dtype);
  assertDType(op, dtype, ...others);
}
