/**
 * Taking slices along an axis by index, and adding them back. x is (outer, n, inner); a slice is the `inner`
 * contiguous elements at one place.
 */
import { DType } from '../dtype';
import { addRowF32 } from './add-to-view';
import { copyRow } from './copy';

// @ts-ignore: decorator
@inline
function gatherElements<Bits>(x: usize, indices: usize, count: i32, out: usize): void {
  for (let j: usize = 0; j < <usize>count; j++) {
    const index = <usize>load<i32>(indices + (j << 2));
    store<Bits>(out + j * sizeof<Bits>(), load<Bits>(x + index * sizeof<Bits>()));
  }
}

/** out (outer, count, slice) = x (outer, n, slice) at the indices; a slice has `slice` bytes. */
export function gather(x: usize, indices: usize, out: usize, outer: i32, n: i32, count: i32, slice: usize): void {
  for (let o = 0; o < outer; o++) {
    switch (<i32>slice) {
      case 1:
        gatherElements<u8>(x, indices, count, out);
        break;
      case 4:
        gatherElements<u32>(x, indices, count, out);
        break;
      case 8:
        gatherElements<u64>(x, indices, count, out);
        break;
      default:
        for (let j = 0; j < count; j++) {
          const index = <usize>load<i32>(indices + (<usize>j << 2));
          copyRow(x + index * slice, out + <usize>j * slice, slice);
        }
    }
    x += <usize>n * slice;
    out += <usize>count * slice;
  }
}

function scatter<T>(x: usize, indices: usize, out: usize, outer: i32, n: i32, count: i32, inner: i32): void {
  const slice = <usize>inner * sizeof<T>();
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < count; j++) {
      const to = out + <usize>load<i32>(indices + (<usize>j << 2)) * slice;
      if (sizeof<T>() == 4 && isFloat<T>()) {
        addRowF32(x, to, inner);
      } else {
        for (let i: usize = 0; i < slice; i += sizeof<T>()) {
          store<T>(to + i, <T>(load<T>(to + i) + load<T>(x + i)));
        }
      }
      x += slice;
    }
    out += <usize>n * slice;
  }
}

/** out (outer, n, inner) at the indices += x (outer, count, inner), in the order of the indices. */
export function scatterAdd(
  type: DType,
  x: usize,
  indices: usize,
  out: usize,
  outer: i32,
  n: i32,
  count: i32,
  inner: i32,
): void {
  switch (type) {
    case DType.Float32:
      return scatter<f32>(x, indices, out, outer, n, count, inner);
    case DType.Float64:
      return scatter<f64>(x, indices, out, outer, n, count, inner);
    case DType.Int32:
      return scatter<i32>(x, indices, out, outer, n, count, inner);
    default:
      scatter<u8>(x, indices, out, outer, n, count, inner);
  }
}
