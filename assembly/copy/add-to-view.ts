/** Adds a dense array to a strided view, which may visit an element many times. This is the adjoint of reading a view. */
import { DType } from '../dtype';
import { sumOfRow } from '../reduce/row-float32';
import { advance, Odometer } from '../simd/odometer';

/** to[i] += from[i] for i < n, float32. */
// @ts-ignore: decorator
@inline
export function addRowF32(from: usize, to: usize, n: usize): void {
  const end = to + (n << 2);
  while (to + 16 <= end) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
    from += 16;
    to += 16;
  }
  while (to < end) {
    store<f32>(to, load<f32>(to) + load<f32>(from));
    from += 4;
    to += 4;
  }
}

function addRowsF32(from: usize, to: usize, stepTo: usize, rows: Odometer): void {
  const n = <usize>rows.inner;
  while (true) {
    if (stepTo == 4) {
      addRowF32(from, to, n);
    } else if (stepTo == 0) {
      store<f32>(to, <f32>(<f64>load<f32>(to) + sumOfRow(from, n)));
    } else {
      let writing = to;
      for (let i: usize = 0; i < n; i++) {
        store<f32>(writing, load<f32>(writing) + load<f32>(from + (i << 2)));
        writing += stepTo;
      }
    }
    const axis = advance(rows);
    if (axis === null) return;
    from += axis.jump0;
    to += axis.jump1;
  }
}

function addRows<T>(from: usize, to: usize, stepTo: usize, rows: Odometer): void {
  while (true) {
    let reading = from;
    let writing = to;
    for (let i = rows.inner; i > 0; i--) {
      store<T>(writing, <T>(load<T>(writing) + load<T>(reading)));
      reading += sizeof<T>();
      writing += stepTo;
    }
    const axis = advance(rows);
    if (axis === null) return;
    from += axis.jump0;
    to += axis.jump1;
  }
}

/** to += from. Rows of `from` are dense; `stepTo` is the distance of neighbours in a row of `to`, in bytes. */
export function addToView(type: DType, from: usize, to: usize, stepTo: usize, rows: Odometer): void {
  switch (type) {
    case DType.Float32:
      return addRowsF32(from, to, stepTo, rows);
    case DType.Float64:
      return addRows<f64>(from, to, stepTo, rows);
    case DType.Int32:
      return addRows<i32>(from, to, stepTo, rows);
    default:
      addRows<u8>(from, to, stepTo, rows);
  }
}
