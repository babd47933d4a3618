/** Chooses between two arrays, element by element. Elements are moved as bits, so one loop for each size serves all dtypes. */
import { advance, Odometer } from '../simd/odometer';
import { storeLanes } from '../simd/partial';

/** The distance of neighbours in a row of each operand, in bytes; 0 where one element stands for all. */
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

/** Elements of four bytes, four at a time. Conditions are contiguous in a row; so are a and b, unless one element stands for all. */
function whereRows(condition: usize, a: usize, b: usize, out: usize, rows: Odometer, steps: WhereSteps): void {
  const n = rows.inner;
  while (true) {
    let atCondition = condition;
    let atA = a;
    let atB = b;
    for (let left = n; left > 0; left -= 4) {
      const bytes = v128.load32_zero(atCondition);
      const words = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes));
      const whenTrue = steps.a ? v128.load(atA) : v128.load32_splat(atA);
      const whenFalse = steps.b ? v128.load(atB) : v128.load32_splat(atB);
      const chosen = v128.bitselect(whenTrue, whenFalse, i32x4.ne(words, i32x4.splat(0)));
      if (left >= 4) {
        v128.store(out, chosen);
        out += 16;
      } else {
        storeLanes(out, chosen, left);
        out += (<usize>left) << 2;
      }
      atCondition += 4;
      atA += (<usize>steps.a) << 2;
      atB += (<usize>steps.b) << 2;
    }
    const axis = advance(rows);
    if (axis === null) return;
    condition += axis.jump0;
    a += axis.jump1;
    b += axis.jump2;
  }
}

/** out = condition ? a : b for elements of four bytes. */
export function where32(condition: usize, a: usize, b: usize, out: usize, rows: Odometer, steps: WhereSteps): void {
  const isDense = steps.condition == 1 && (steps.a == 4 || steps.a == 0) && (steps.b == 4 || steps.b == 0);
  if (isDense) whereRows(condition, a, b, out, rows, steps);
  else where<u32>(condition, a, b, out, rows, steps);
}

/** out = condition ? a : b for elements of eight bytes. */
export function where64(condition: usize, a: usize, b: usize, out: usize, rows: Odometer, steps: WhereSteps): void {
  where<u64>(condition, a, b, out, rows, steps);
}
