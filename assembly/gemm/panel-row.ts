/**
 * The product of one row and packed panels of eight columns. The kernel expands float16 and int8 elements in registers. It
 * uses each element once, so the bandwidth of memory limits its speed.
 */
import { madd } from '../simd/madd';
import { storeLanes } from '../simd/partial';
import { bytesOf, Format, fourHalves, highFloats, lowFloats } from './format';

/** The first four of eight packed elements. int8 elements are not yet multiplied by their scales. */
// @ts-ignore: decorator
@inline
function lowOf(format: Format, at: usize): v128 {
  if (format == Format.Int8) return lowFloats(v128.load_ext<i8>(at));
  return format == Format.Float16 ? fourHalves(at) : v128.load(at);
}

/** The last four of eight packed elements. int8 elements are not yet multiplied by their scales. */
// @ts-ignore: decorator
@inline
function highOf(format: Format, at: usize): v128 {
  if (format == Format.Int8) return highFloats(v128.load_ext<i8>(at));
  return format == Format.Float16 ? fourHalves(at + 8) : v128.load(at, 16);
}

/** v · panel: eight columns. `format` is a literal at every call. Four sums for each column hide the latency of additions. */
// @ts-ignore: decorator
@inline
function panelProduct(format: Format, v: usize, k: i32, panel: usize, scales: usize, init: usize, out: usize): void {
  const step = <usize>8 * bytesOf(format);
  const zero = f32x4.splat(0);
  let low0 = zero;
  let low1 = zero;
  let low2 = zero;
  let low3 = zero;
  let high0 = zero;
  let high1 = zero;
  let high2 = zero;
  let high3 = zero;
  for (; k >= 4; k -= 4) {
    const v0 = v128.load32_splat(v);
    low0 = madd(v0, lowOf(format, panel), low0);
    high0 = madd(v0, highOf(format, panel), high0);
    const v1 = v128.load32_splat(v, 4);
    low1 = madd(v1, lowOf(format, panel + step), low1);
    high1 = madd(v1, highOf(format, panel + step), high1);
    const v2 = v128.load32_splat(v, 8);
    low2 = madd(v2, lowOf(format, panel + 2 * step), low2);
    high2 = madd(v2, highOf(format, panel + 2 * step), high2);
    const v3 = v128.load32_splat(v, 12);
    low3 = madd(v3, lowOf(format, panel + 3 * step), low3);
    high3 = madd(v3, highOf(format, panel + 3 * step), high3);
    panel += 4 * step;
    v += 16;
  }
  for (; k > 0; k--) {
    const v0 = v128.load32_splat(v);
    low0 = madd(v0, lowOf(format, panel), low0);
    high0 = madd(v0, highOf(format, panel), high0);
    panel += step;
    v += 4;
  }
  let low = f32x4.add(f32x4.add(low0, low1), f32x4.add(low2, low3));
  let high = f32x4.add(f32x4.add(high0, high1), f32x4.add(high2, high3));
  if (format == Format.Int8) {
    low = f32x4.mul(low, v128.load(scales));
    high = f32x4.mul(high, v128.load(scales, 16));
  }
  v128.store(out, f32x4.add(low, v128.load(init)));
  v128.store(out, f32x4.add(high, v128.load(init, 16)), 16);
}

/**
 * out[c] = bias[c] + v · column c, for columns in packed panels of eight. Without a bias (0) the sums begin at zero. `spare`
 * has 32 bytes for the results of a last panel with fewer than eight columns. `zeros` is 32 zero bytes.
 */
export function multiplyPanels(
  format: Format,
  panel: usize,
  scales: usize,
  columns: i32,
  v: usize,
  k: i32,
  bias: usize,
  zeros: usize,
  spare: usize,
  out: usize,
): void {
  const panelBytes = <usize>k * 8 * bytesOf(format);
  let init = bias || zeros;
  for (let left = columns; left > 0; left -= 8) {
    const to = left >= 8 ? out : spare;
    if (format == Format.Int8) panelProduct(Format.Int8, v, k, panel, scales, init, to);
    else if (format == Format.Float16) panelProduct(Format.Float16, v, k, panel, scales, init, to);
    else panelProduct(Format.Float32, v, k, panel, scales, init, to);
    if (left < 8) {
      if (left >= 4) v128.store(out, v128.load(spare));
      const rest = (<usize>(left & 4)) << 2;
      storeLanes(out + rest, v128.load(spare + rest), left & 3);
    }
    panel += panelBytes;
    scales += 32;
    out += 32;
    if (bias) init += 32;
  }
}
