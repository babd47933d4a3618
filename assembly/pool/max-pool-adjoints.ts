/**
 * The adjoint of maximum pooling, and the adjoint's adjoint. Maximum pooling remembers the position of each maximum: `grad` adds to
 * these positions, `gather` reads them. A position outside the image takes nothing and reads as 0.
 */
import { areSquaresOfTwo, vectorColumns, Windows } from './windows';

/** The offset, in elements, of a position of the window at (y, x); −1 if the position is not on the image. */
// @ts-ignore: decorator
@inline
function offsetOf(place: i32, w: Windows, y: i32, x: i32): i32 {
  const row = y + place / w.kernelWidth;
  const column = x + (place % w.kernelWidth);
  const isInside = <u32>row < <u32>w.height && <u32>column < <u32>w.width;
  return isInside ? row * w.width + column : -1;
}

/** The gradient of four 2 × 2 windows: each gy goes to one of four elements, the other three become 0. */
// @ts-ignore: decorator
@inline
function spreadFour(gy: usize, indices: usize, row0: usize, row1: usize): void {
  const g = v128.load(gy);
  const place = v128.load(indices);
  const a = v128.and(g, i32x4.eq(place, i32x4.splat(0)));
  const b = v128.and(g, i32x4.eq(place, i32x4.splat(1)));
  const c = v128.and(g, i32x4.eq(place, i32x4.splat(2)));
  const d = v128.and(g, i32x4.eq(place, i32x4.splat(3)));
  v128.store(row0, v128.shuffle<i32>(a, b, 0, 4, 1, 5));
  v128.store(row0, v128.shuffle<i32>(a, b, 2, 6, 3, 7), 16);
  v128.store(row1, v128.shuffle<i32>(c, d, 0, 4, 1, 5));
  v128.store(row1, v128.shuffle<i32>(c, d, 2, 6, 3, 7), 16);
}

// @ts-ignore: decorator
@inline
function grad<T>(gy: usize, indices: usize, out: usize, w: Windows): void {
  const vectors = sizeof<T>() == 4 && areSquaresOfTwo(w) ? vectorColumns(w) : 0;
  const rowBytes = <usize>w.width * sizeof<T>();
  const planeBytes = <usize>w.height * rowBytes;
  for (let plane = 0; plane < w.planes; plane++) {
    memory.fill(out, 0, planeBytes);
    for (let i = 0; i < w.outHeight; i++) {
      const y = i * w.strideY - w.padTop;
      let j = 0;
      if (y + 2 <= w.height) {
        for (; j < vectors; j += 4) {
          const row0 = out + <usize>y * rowBytes + ((<usize>j) << 3);
          spreadFour(gy, indices, row0, row0 + rowBytes);
          gy += 16;
          indices += 16;
        }
      }
      for (; j < w.outWidth; j++) {
        const offset = offsetOf(load<i32>(indices), w, y, j * w.strideX - w.padLeft);
        if (offset >= 0) {
          const at = out + <usize>offset * sizeof<T>();
          store<T>(at, load<T>(at) + load<T>(gy));
        }
        gy += sizeof<T>();
        indices += 4;
      }
    }
    out += planeBytes;
  }
}

/** out (planes, h, w) = 0, then out[place] += gy. */
export function maxPoolGradF32(gy: usize, indices: usize, out: usize, w: Windows): void {
  grad<f32>(gy, indices, out, w);
}

/** {@link maxPoolGradF32} of float64. */
export function maxPoolGradF64(gy: usize, indices: usize, out: usize, w: Windows): void {
  grad<f64>(gy, indices, out, w);
}

// @ts-ignore: decorator
@inline
function gather<T>(x: usize, indices: usize, out: usize, w: Windows): void {
  for (let plane = 0; plane < w.planes; plane++) {
    for (let i = 0; i < w.outHeight; i++) {
      for (let j = 0; j < w.outWidth; j++) {
        const offset = offsetOf(load<i32>(indices), w, i * w.strideY - w.padTop, j * w.strideX - w.padLeft);
        store<T>(out, offset >= 0 ? load<T>(x + <usize>offset * sizeof<T>()) : <T>0);
        out += sizeof<T>();
        indices += 4;
      }
    }
    x += <usize>(w.height * w.width) * sizeof<T>();
  }
}

/** out (planes, oh, ow) = x[place]. */
export function maxPoolGatherF32(x: usize, indices: usize, out: usize, w: Windows): void {
  gather<f32>(x, indices, out, w);
}

/** {@link maxPoolGatherF32} of float64. */
export function maxPoolGatherF64(x: usize, indices: usize, out: usize, w: Windows): void {
  gather<f64>(x, indices, out, w);
}
