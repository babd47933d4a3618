/**
 * out = (x − center)·scale + shift, plus y·factor if there is a second array y. Normalization and its gradient do this to each
 * element once their sums are known. The coefficients have one shape, which broadcasts to the shape of x:
 *
 *     inner step 0     | x x x x x x | with one set of coefficients      a row of a channel's plane
 *     inner step 1     | x x x x x x | with a set for each element       channels last, or (N, C)
 */
import { madd } from '../simd/madd';
import { advance, Odometer } from '../simd/odometer';
import { storeFirst, storeLanes } from '../simd/partial';

/** The argument record: addresses, which src/backends/wasm/normalize.ts writes. */
// @ts-ignore: decorator
@unmanaged
export class Affine {
  x: usize;
  /** 0 if there is none. */
  y: usize;
  out: usize;
  center: usize;
  scale: usize;
  shift: usize;
  /** The coefficient of y; unused if there is no y. */
  factor: usize;
}

// @ts-ignore: decorator
@inline
function lanes(x: v128, y: usize, center: v128, scale: v128, shift: v128, factor: v128, hasY: bool): v128 {
  const own = madd(f32x4.sub(x, center), scale, shift);
  return hasY ? madd(v128.load(y), factor, own) : own;
}

// @ts-ignore: decorator
@inline
function uniformRow(args: Affine, at: usize, place: usize, n: i32, hasY: bool): void {
  const center = v128.load32_splat(args.center + place);
  const scale = v128.load32_splat(args.scale + place);
  const shift = v128.load32_splat(args.shift + place);
  const factor = hasY ? v128.load32_splat(args.factor + place) : shift;
  let x = args.x + at;
  const toY = args.y - args.x;
  const toOut = args.out - args.x;
  for (; n >= 8; n -= 8) {
    const low = lanes(v128.load(x), x + toY, center, scale, shift, factor, hasY);
    const high = lanes(v128.load(x, 16), x + toY + 16, center, scale, shift, factor, hasY);
    v128.store(x + toOut, low);
    v128.store(x + toOut, high, 16);
    x += 32;
  }
  if (n >= 4) {
    v128.store(x + toOut, lanes(v128.load(x), x + toY, center, scale, shift, factor, hasY));
    x += 16;
    n -= 4;
  }
  if (n > 0) storeLanes(x + toOut, lanes(v128.load(x), x + toY, center, scale, shift, factor, hasY), n);
}

// @ts-ignore: decorator
@inline
function varyingRow(args: Affine, at: usize, place: usize, n: i32, hasY: bool): void {
  for (; n > 0; n -= 4) {
    const shift = v128.load(args.shift + place);
    const result = lanes(
      v128.load(args.x + at),
      args.y + at,
      v128.load(args.center + place),
      v128.load(args.scale + place),
      shift,
      hasY ? v128.load(args.factor + place) : shift,
      hasY,
    );
    storeFirst(args.out + at, result, n);
    at += 16;
    place += 16;
  }
}

/** out = (x − center)·scale + shift + y·factor, float32. Operand 0 of `rows` is the coefficients; their step along a row is 0 or 4. */
export function affineF32(args: Affine, rows: Odometer): void {
  const n = rows.inner;
  const hasY = args.y != 0;
  let at: usize = 0;
  let place: usize = 0;
  while (true) {
    if (rows.step == 0) {
      if (hasY) uniformRow(args, at, place, n, true);
      else uniformRow(args, at, place, n, false);
    } else {
      if (hasY) varyingRow(args, at, place, n, true);
      else varyingRow(args, at, place, n, false);
    }
    const axis = advance(rows);
    if (axis === null) return;
    place += axis.jump0;
    at += (<usize>n) << 2;
  }
}

/** {@link affineF32} of float64. */
export function affineF64(args: Affine, rows: Odometer): void {
  const step = <usize>rows.step;
  let at: usize = 0;
  let place: usize = 0;
  while (true) {
    for (let i = 0; i < rows.inner; i++) {
      const k = place + <usize>i * step;
      let value = (load<f64>(args.x + at) - load<f64>(args.center + k)) * load<f64>(args.scale + k);
      value += load<f64>(args.shift + k);
      if (args.y) value += load<f64>(args.y + at) * load<f64>(args.factor + k);
      store<f64>(args.out + at, value);
      at += 8;
    }
    const axis = advance(rows);
    if (axis === null) return;
    place += axis.jump0;
  }
}
