/**
 * Takes slices along an axis by index, and adds slices back. x is (outer, n, inner), and a slice is the `inner` contiguous
 * elements at one position. Negative indices count from the end. An index outside [−n, n) reads zeros and adds nothing, so no
 * index leaves the array.
 */
import { DType } from '../dtype';
import { addRowF32 } from './add-to-view';
import { copyRow } from './copy';

/** The position that an index names, of n. Read as unsigned, the result is n or more if the index is out of range. */
// @ts-ignore: decorator
@inline
function placeOf(indices: usize, j: usize, n: i32): usize {
  const index = load<i32>(indices + (j << 2));
  return <usize>(<u32>(index < 0 ? index + n : index));
}

// @ts-ignore: decorator
@inline
function gatherElements<Bits>(x: usize, n: i32, indices: usize, count: i32, out: usize): void {
  for (let j: usize = 0; j < <usize>count; j++) {
    const place = placeOf(indices, j, n);
    store<Bits>(out + j * sizeof<Bits>(), place < <usize>n ? load<Bits>(x + place * sizeof<Bits>()) : 0);
  }
}

/** out (outer, count, slice) = x (outer, n, slice) at the indices; a slice has `slice` bytes. */
export function gather(x: usize, indices: usize, out: usize, outer: i32, n: i32, count: i32, slice: usize): void {
  for (let o = 0; o < outer; o++) {
    switch (<i32>slice) {
      case 1:
        gatherElements<u8>(x, n, indices, count, out);
        break;
      case 4:
        gatherElements<u32>(x, n, indices, count, out);
        break;
      case 8:
        gatherElements<u64>(x, n, indices, count, out);
        break;
      default:
        for (let j: usize = 0; j < <usize>count; j++) {
          const place = placeOf(indices, j, n);
          if (place < <usize>n) copyRow(x + place * slice, out + j * slice, slice);
          else memory.fill(out + j * slice, 0, slice);
        }
    }
    x += <usize>n * slice;
    out += <usize>count * slice;
  }
}

function scatter<T>(x: usize, indices: usize, out: usize, outer: i32, n: i32, count: i32, inner: i32): void {
  const slice = <usize>inner * sizeof<T>();
  for (let o = 0; o < outer; o++) {
    for (let j: usize = 0; j < <usize>count; j++, x += slice) {
      const place = placeOf(indices, j, n);
      if (place >= <usize>n) continue;
      const to = out + place * slice;
      if (sizeof<T>() == 4 && isFloat<T>()) {
        addRowF32(x, to, inner);
      } else {
        for (let i: usize = 0; i < slice; i += sizeof<T>()) {
          store<T>(to + i, <T>(load<T>(to + i) + load<T>(x + i)));
        }
      }
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
