/** Functions of arrays that broadcast: an odometer counts the outer axes, and the kernels for rows compute the rows. */
import { DType } from '../dtype';
import { advance, Odometer } from '../simd/odometer';
import { binaryF32 } from './binary-float32';
import { binaryI32, binaryU8 } from './binary-integer';
import { BinaryOp } from '../generated/ops';
import { binaryF64 } from './binary-scalar';

// @ts-ignore: decorator
@inline
function row(type: DType, op: BinaryOp, a: usize, b: usize, out: usize, n: i32, scalars: i32, scratch: usize): void {
  switch (type) {
    case DType.Float32:
      return binaryF32(op, a, b, out, n, scalars, scratch);
    case DType.Float64:
      return binaryF64(op, a, b, out, n, scalars, scratch);
    case DType.Int32:
      return binaryI32(op, a, b, out, n, scalars, scratch);
    default:
      binaryU8(op, a, b, out, n, scalars, scratch);
  }
}

/**
 * out = op(a, b), with `out` dense and rows of `rows.inner` elements. Operand 0 of the odometer is a, operand 1 is b. `outStep` is
 * the length of a row of `out`, in bytes.
 */
export function binaryBroadcast(
  type: DType,
  op: BinaryOp,
  a: usize,
  b: usize,
  out: usize,
  outStep: usize,
  scalars: i32,
  rows: Odometer,
  scratch: usize,
): void {
  const n = rows.inner;
  while (true) {
    row(type, op, a, b, out, n, scalars, scratch);
    const axis = advance(rows);
    if (axis === null) return;
    a += axis.jump0;
    b += axis.jump1;
    out += outStep;
  }
}
