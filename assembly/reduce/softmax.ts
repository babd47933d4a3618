/**
 * Softmax and its logarithm along one axis of x (outer, n, inner). The maximum is subtracted first, so nothing overflows. If the
 * axis is the innermost, a lane is a contiguous row; otherwise four neighbouring lanes are computed side by side.
 */
import { exp } from '../math/exp';
import { exp as exp64, log as log64 } from '../math/host';
import { log } from '../math/log';
import { storeFirst, storeLanes } from '../simd/partial';
import { extremeOfRow, Max, sumOfLanes, sumOfRow } from './row-float32';

/** Bytes whose exponentials are summed in float32 before the sum is added in float64: 64 elements in each lane. */
const BLOCK: usize = 1024;

/** out[i] = e^(x[i] − shift) for i < n, and their sum. */
function shiftedExp(x: usize, out: usize, n: usize, shift: f32): f64 {
  const shifts = f32x4.splat(shift);
  const end = out + ((n & ~3) << 2);
  let total: f64 = 0;
  while (out < end) {
    const blockEnd = min(out + BLOCK, end);
    let sum = f32x4.splat(0);
    while (out < blockEnd) {
      const e = exp(f32x4.sub(v128.load(x), shifts));
      v128.store(out, e);
      sum = f32x4.add(sum, e);
      x += 16;
      out += 16;
    }
    total += sumOfLanes(sum);
  }
  if (n & 3) {
    storeLanes(out, exp(f32x4.sub(v128.load(x), shifts)), <i32>(n & 3));
    total += sumOfRow(out, n & 3);
  }
  return total;
}

/** out[i] = (x[i] − shift)·factor for i < n. */
function shiftAndScale(x: usize, out: usize, n: usize, shift: f32, factor: f32): void {
  const shifts = f32x4.splat(shift);
  const factors = f32x4.splat(factor);
  const end = out + ((n & ~3) << 2);
  while (out < end) {
    v128.store(out, f32x4.mul(f32x4.sub(v128.load(x), shifts), factors));
    x += 16;
    out += 16;
  }
  if (n & 3) storeLanes(out, f32x4.mul(f32x4.sub(v128.load(x), shifts), factors), <i32>(n & 3));
}

function softmaxOfRow(x: usize, out: usize, n: usize, isLog: bool): void {
  const max = extremeOfRow<Max>(x, n);
  const sum = shiftedExp(x, out, n, max);
  if (isLog) {
    // Two steps, because max + log(sum) in float32 would lose the digits of a small log.
    shiftAndScale(x, out, n, max, 1);
    shiftAndScale(out, out, n, <f32>log64(sum), 1);
  } else {
    shiftAndScale(out, out, n, 0, <f32>(1 / sum));
  }
}

/** Four lanes whose elements are `step` bytes apart; only `lanes` of them are stored. */
function softmaxOfLanes(x: usize, out: usize, n: i32, step: usize, isLog: bool, lanes: i32): void {
  const size = step * n;
  let max = v128.load(x);
  // The maximum may miss a NaN. The sum does not, since the NaN is one of its terms.
  for (let at: usize = step; at < size; at += step) max = f32x4.pmax(max, v128.load(x + at));
  let sum = f32x4.splat(0);
  for (let at: usize = 0; at < size; at += step) {
    const e = exp(f32x4.sub(v128.load(x + at), max));
    sum = f32x4.add(sum, e);
    if (!isLog) storeFirst(out + at, e, lanes);
  }
  const term = isLog ? log(sum) : f32x4.div(f32x4.splat(1), sum);
  for (let at: usize = 0; at < size; at += step) {
    const value = isLog ? f32x4.sub(f32x4.sub(v128.load(x + at), max), term) : f32x4.mul(v128.load(out + at), term);
    storeFirst(out + at, value, lanes);
  }
}

/** out = softmax(x), or its logarithm; n > 0. */
export function softmaxF32(x: usize, out: usize, outer: i32, n: i32, inner: i32, isLog: bool): void {
  const step = (<usize>inner) << 2;
  const slab = step * n;
  for (let o = 0; o < outer; o++) {
    if (inner == 1) {
      softmaxOfRow(x, out, n, isLog);
    } else {
      for (let i = 0; i < inner; i += 4) {
        softmaxOfLanes(x + ((<usize>i) << 2), out + ((<usize>i) << 2), n, step, isLog, inner - i);
      }
    }
    x += slab;
    out += slab;
  }
}

/** {@link softmaxF32} of float64, one element at a time. */
export function softmaxF64(x: usize, out: usize, outer: i32, n: i32, inner: i32, isLog: bool): void {
  const step = (<usize>inner) << 3;
  const slab = step * n;
  for (let o = 0; o < outer; o++) {
    for (let i: usize = 0; i < step; i += 8) {
      let max: f64 = -Infinity;
      for (let at = i; at < slab; at += step) max = NativeMath.max(max, load<f64>(x + at));
      let sum: f64 = 0;
      for (let at = i; at < slab; at += step) sum += exp64(load<f64>(x + at) - max);
      const logOfSum = log64(sum);
      for (let at = i; at < slab; at += step) {
        const shifted = load<f64>(x + at) - max;
        store<f64>(out + at, isLog ? shifted - logOfSum : exp64(shifted) / sum);
      }
    }
    x += slab;
    out += slab;
  }
}
