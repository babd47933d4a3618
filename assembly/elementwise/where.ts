/** Choosing between two arrays. Elements are moved as bits, so one loop for each size serves all dtypes. */
import { advance, Odometer } from '../simd/odometer';

/** The steps of the operands within a row, in bytes; 0 where one element stands for all. */
// @ts-ignore: decorator
@unmanaged
export class WhereSteps {
  condition: i32;
  a: i32;
  b: i32;
}

// @ts-ignore: decorator
@inline
function where<Bits>(condition: usize, a: usize, b: usize, out: usize, rows: Odometer, steps: WhereSteps): void {
  const stepCondition = <usize>steps.condition;
  const stepA = <usize>steps.a;
  const stepB = <usize>steps.b;
  const n = <usize>rows.inner;
  while (true) {
    const end = out + n * sizeof<Bits>();
    let atCondition = condition;
    let atA = a;
    let atB = b;
    while (out < end) {
      store<Bits>(out, select<Bits>(load<Bits>(atA), load<Bits>(atB), load<u8>(atCondition)));
      atCondition += stepCondition;
      atA += stepA;
      atB += stepB;
      out += sizeof<Bits>();
    }
    const axis = advance(rows);
    if (axis === null) return;
    condition += axis.jump0;
    a += axis.jump1;
    b += axis.jump2;
  }
}

/** out = condition ? a : b for elements of one byte. */
export function where8(condition: usize, a: usize, b: usize, out: usize, rows: Odometer, steps: WhereSteps): void {
  where<u8>(condition, a, b, out, rows, steps);
}

/** out = condition ? a : b for elements of four bytes. */
export function where32(condition: usize, a: usize, b: usize, out: usize, rows: Odometer, steps: WhereSteps): void {
  where<u32>(condition, a, b, out, rows, steps);
}

/** out = condition ? a : b for elements of eight bytes. */
export function where64(condition: usize, a: usize, b: usize, out: usize, rows: Odometer, steps: WhereSteps): void {
  where<u64>(condition, a, b, out, rows, steps);
}
