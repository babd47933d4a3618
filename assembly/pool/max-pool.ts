/**
 * Maximum pooling: the first maximum of each window, and its position in the window, row-major. A NaN is a maximum, and the first
 * NaN counts. A window that lies wholly in the padding gives −∞ and position 0.
 *
 * 2 × 2 windows side by side are computed four at a time:
 *
 *     row 0   a b a b | a b a b      shuffled into  aaaa bbbb     m = max of the four, and the number of
 *     row 1   c d c d | c d c d                     cccc dddd     the vector that it came from
 */
import { areSquaresOfTwo, Windows } from './windows';

/** One window, at row y and column x of the image, which may lie partly outside. */
// @ts-ignore: decorator
@inline
function maximumOfWindow<T>(plane: usize, w: Windows, y: i32, x: i32, out: usize, index: usize): void {
  const yEnd = min(y + w.kernelHeight, w.height);
  const xEnd = min(x + w.kernelWidth, w.width);
  const xBegin = max(x, 0);
  let best: T = <T>-Infinity;
  let place = 0;
  for (let row = max(y, 0); row < yEnd; row++) {
    let at = plane + <usize>(row * w.width + xBegin) * sizeof<T>();
    for (let column = xBegin; column < xEnd; column++) {
      const value = load<T>(at);
      if (value > best || (value != value && best == best)) {
        best = value;
        place = (row - y) * w.kernelWidth + column - x;
      }
      at += sizeof<T>();
    }
  }
  store<T>(out, best);
  store<i32>(index, place);
}

/** The lanes in which a candidate replaces the best so far: it is larger, or the first NaN. */
// @ts-ignore: decorator
@inline
function beats(candidate: v128, best: v128): v128 {
  return v128.andnot(f32x4.eq(best, best), f32x4.le(candidate, best));
}

/** Four 2 × 2 windows; `row0` is the address of the upper left corner of the first. */
// @ts-ignore: decorator
@inline
function maximaOfFour(row0: usize, row1: usize, out: usize, index: usize): void {
  const top0 = v128.load(row0);
  const top1 = v128.load(row0, 16);
  const bottom0 = v128.load(row1);
  const bottom1 = v128.load(row1, 16);
  let best = v128.shuffle<i32>(top0, top1, 0, 2, 4, 6);
  let place = i32x4.splat(0);
  const b = v128.shuffle<i32>(top0, top1, 1, 3, 5, 7);
  let wins = beats(b, best);
  best = v128.bitselect(b, best, wins);
  place = v128.and(wins, i32x4.splat(1));
  const c = v128.shuffle<i32>(bottom0, bottom1, 0, 2, 4, 6);
  wins = beats(c, best);
  best = v128.bitselect(c, best, wins);
  place = v128.bitselect(i32x4.splat(2), place, wins);
  const d = v128.shuffle<i32>(bottom0, bottom1, 1, 3, 5, 7);
  wins = beats(d, best);
  v128.store(out, v128.bitselect(d, best, wins));
  v128.store(index, v128.bitselect(i32x4.splat(3), place, wins));
}

/** Four windows side by side, all of whose columns lie on the image; `stride` is 1 or 2. */
// @ts-ignore: decorator
@inline
function maximaOfRow(plane: usize, w: Windows, y: i32, x: i32, stride: i32, out: usize, index: usize): void {
  const yEnd = min(y + w.kernelHeight, w.height);
  let best = f32x4.splat(-Infinity);
  let place = i32x4.splat(0);
  for (let row = max(y, 0); row < yEnd; row++) {
    let at = plane + ((<usize>(row * w.width + x)) << 2);
    let here = i32x4.splat((row - y) * w.kernelWidth);
    for (let column = w.kernelWidth; column > 0; column--) {
      let value = v128.load(at);
      if (stride == 2) value = v128.shuffle<i32>(value, v128.load(at, 16), 0, 2, 4, 6);
      const wins = beats(value, best);
      best = v128.bitselect(value, best, wins);
      place = v128.bitselect(here, place, wins);
      here = i32x4.add(here, i32x4.splat(1));
      at += 4;
    }
  }
  v128.store(out, best);
  v128.store(index, place);
}

/** The first output column whose window reaches beyond the image's right edge. */
// @ts-ignore: decorator
@inline
function columnsInside(w: Windows): i32 {
  return max(0, min(w.outWidth, (w.width - w.kernelWidth + w.padLeft) / w.strideX + 1));
}

/** One row of windows. Windows at the edges are computed one by one, the others four at a time; the last four may overlap. */
function rowOfWindows(plane: usize, w: Windows, y: i32, out: usize, index: usize): void {
  const areSquares = areSquaresOfTwo(w) && y + 2 <= w.height;
  const begin = (w.padLeft + w.strideX - 1) / w.strideX;
  const end = w.width + w.padLeft < w.kernelWidth ? 0 : columnsInside(w);
  const hasVectors = w.strideX <= 2 && end - begin >= 4;
  let j = 0;
  while (j < w.outWidth) {
    if (hasVectors && j >= begin && j < end) {
      j = min(j, end - 4);
      const at = (<usize>j) << 2;
      if (areSquares) {
        const row0 = plane + <usize>(y * w.width + 2 * j) * 4;
        maximaOfFour(row0, row0 + ((<usize>w.width) << 2), out + at, index + at);
      } else {
        maximaOfRow(plane, w, y, j * w.strideX - w.padLeft, w.strideX, out + at, index + at);
      }
      j += 4;
    } else {
      maximumOfWindow<f32>(plane, w, y, j * w.strideX - w.padLeft, out + ((<usize>j) << 2), index + ((<usize>j) << 2));
      j++;
    }
  }
}

// @ts-ignore: decorator
@inline
function maxPool<T>(x: usize, out: usize, indices: usize, w: Windows): void {
  for (let plane = 0; plane < w.planes; plane++) {
    for (let i = 0; i < w.outHeight; i++) {
      const y = i * w.strideY - w.padTop;
      if (sizeof<T>() == 4) {
        rowOfWindows(x, w, y, out, indices);
      } else {
        for (let j = 0; j < w.outWidth; j++) {
          maximumOfWindow<T>(
            x,
            w,
            y,
            j * w.strideX - w.padLeft,
            out + <usize>j * sizeof<T>(),
            indices + ((<usize>j) << 2),
          );
        }
      }
      out += <usize>w.outWidth * sizeof<T>();
      indices += (<usize>w.outWidth) << 2;
    }
    x += <usize>(w.height * w.width) * sizeof<T>();
  }
}

/** out and indices (planes, oh, ow) from x (planes, h, w). */
export function maxPoolF32(x: usize, out: usize, indices: usize, w: Windows): void {
  maxPool<f32>(x, out, indices, w);
}

/** {@link maxPoolF32} of float64. */
export function maxPoolF64(x: usize, out: usize, indices: usize, w: Windows): void {
  maxPool<f64>(x, out, indices, w);
}
