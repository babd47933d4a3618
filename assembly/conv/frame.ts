/**
 * A frame is a plane with the zeros of its padding around it, so the kernels need no special case for border pixels. With
 * stride s, pixels whose columns have the same remainder by s lie side by side in a row of the frame. Then neighbours in the
 * output read neighbours in the frame.
 *
 *     stride 1   | 0 a b c d e 0 |            stride 2   | 0 b d 0 | a c e . |
 */
import { storeLanes } from '../simd/partial';

/** Bytes from the start of a frame's row to the pixel of a column of the padded plane. Each remainder has `phaseWidth` pixels. */
// @ts-ignore: decorator
@inline
export function placeInRow(column: i32, stride: i32, phaseWidth: i32): usize {
  return (<usize>((column % stride) * phaseWidth + column / stride)) << 2;
}

/** Copies `count` pixels, and not one more. */
// @ts-ignore: decorator
@inline
function copyPixels(from: usize, to: usize, count: i32): void {
  for (; count >= 4; count -= 4) {
    v128.store(to, v128.load(from));
    from += 16;
    to += 16;
  }
  if (count > 0) storeLanes(to, v128.load(from), count);
}

/** Copies `count` pixels: those at even places to `even`, those at odd places to `odd`. */
// @ts-ignore: decorator
@inline
function partPixels(from: usize, even: usize, odd: usize, count: i32): void {
  for (; count >= 8; count -= 8) {
    const low = v128.load(from);
    const high = v128.load(from, 16);
    v128.store(even, v128.shuffle<i32>(low, high, 0, 2, 4, 6));
    v128.store(odd, v128.shuffle<i32>(low, high, 1, 3, 5, 7));
    from += 32;
    even += 16;
    odd += 16;
  }
  for (; count > 0; count -= 2) {
    store<f32>(even, load<f32>(from));
    if (count > 1) store<f32>(odd, load<f32>(from, 4));
    from += 8;
    even += 4;
    odd += 4;
  }
}

/** Copies `rows` × `columns` pixels of a plane to row `top` and column `left` of a frame. The padding is zero already. */
export function fillFrame(
  plane: usize,
  width: i32,
  rows: i32,
  columns: i32,
  frame: usize,
  top: i32,
  left: i32,
  stride: i32,
  phaseWidth: i32,
): void {
  const rowBytes = (<usize>(stride * phaseWidth)) << 2;
  let to = frame + <usize>top * rowBytes;
  for (let i = 0; i < rows; i++) {
    if (stride == 1) {
      copyPixels(plane, to + ((<usize>left) << 2), columns);
    } else if (stride == 2) {
      partPixels(plane, to + placeInRow(left, 2, phaseWidth), to + placeInRow(left + 1, 2, phaseWidth), columns);
    } else {
      for (let j = 0; j < columns; j++) {
        store<f32>(to + placeInRow(left + j, stride, phaseWidth), load<f32>(plane + ((<usize>j) << 2)));
      }
    }
    plane += (<usize>width) << 2;
    to += rowBytes;
  }
}
