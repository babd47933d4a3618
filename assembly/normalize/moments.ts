/**
 * Means, variances, and sums of products with centred numbers, float32, over any axes. The host sorts the axes as for
 * reduce/reduce-float32.ts: `kept` counts the outputs, `reduced` counts the elements of one output.
 *
 * A row is read in chunks that stay in the first cache, so each chunk comes from memory once: a first pass takes the chunk's own
 * mean, a second its squares about that mean. Chunks are joined after Chan, Golub and LeVeque, "Updating formulae and a pairwise
 * algorithm for computing sample variances", 1979. Nothing cancels, however far the mean is from zero.
 */
import { sumOfLanes, sumOfRow } from '../reduce/row-float32';
import { madd } from '../simd/madd';
import { advance, Odometer } from '../simd/odometer';

/** Elements of a chunk: 16 KiB, half of a first cache. */
const CHUNK: usize = 4096;

/** Elements that are summed in float32 before the sum is added in float64: 64 in each of 16 lanes. */
const BLOCK: usize = 1024;

/** Σ (x[i] − center)·y[i] for i < n, where y is x − center itself if `isSquare`. */
// @ts-ignore: decorator
@inline
function productsOfRow(x: usize, y: usize, n: usize, center: f32, isSquare: bool): f64 {
  const c = f32x4.splat(center);
  const end = x + (n << 2);
  const toY = y - x;
  let total: f64 = 0;
  while (x + 64 <= end) {
    const blockEnd = min(x + (BLOCK << 2), end) - 63;
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    while (x < blockEnd) {
      const d0 = f32x4.sub(v128.load(x), c);
      const d1 = f32x4.sub(v128.load(x, 16), c);
      const d2 = f32x4.sub(v128.load(x, 32), c);
      const d3 = f32x4.sub(v128.load(x, 48), c);
      s0 = madd(d0, isSquare ? d0 : v128.load(x + toY), s0);
      s1 = madd(d1, isSquare ? d1 : v128.load(x + toY, 16), s1);
      s2 = madd(d2, isSquare ? d2 : v128.load(x + toY, 32), s2);
      s3 = madd(d3, isSquare ? d3 : v128.load(x + toY, 48), s3);
      x += 64;
    }
    total += sumOfLanes(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
  }
  while (x + 16 <= end) {
    const d = f32x4.sub(v128.load(x), c);
    total += sumOfLanes(f32x4.mul(d, isSquare ? d : v128.load(x + toY)));
    x += 16;
  }
  while (x < end) {
    const d = load<f32>(x) - center;
    total += <f64>d * <f64>(isSquare ? d : load<f32>(x + toY));
    x += 4;
  }
  return total;
}

/** mean and variance over rows: the innermost axis is reduced and contiguous. */
export function momentsRowsF32(x: usize, mean: usize, variance: usize, kept: Odometer, reduced: Odometer): void {
  const n = <usize>reduced.inner;
  while (true) {
    let count: f64 = 0;
    let sum: f64 = 0;
    let squares: f64 = 0;
    let row = x;
    while (true) {
      for (let first: usize = 0; first < n; first += CHUNK) {
        const chunk = row + (first << 2);
        const length = min(CHUNK, n - first);
        const sumHere = sumOfRow(chunk, length);
        const center = <f32>(sumHere / <f64>length);
        squares += productsOfRow(chunk, chunk, length, center, true);
        if (count > 0) {
          const distance = sumHere / <f64>length - sum / count;
          squares += distance * distance * ((count * <f64>length) / (count + <f64>length));
        }
        count += <f64>length;
        sum += sumHere;
      }
      const axis = advance(reduced);
      if (axis === null) break;
      row += axis.jump0;
    }
    store<f32>(mean, <f32>(sum / count));
    store<f32>(variance, <f32>(squares / count));
    mean += 4;
    variance += 4;
    const axis = advance(kept);
    if (axis === null) return;
    x += axis.jump0;
  }
}

/** sum = Σ y and product = Σ y·(x − center) over rows. */
export function comomentsRowsF32(
  x: usize,
  center: usize,
  y: usize,
  sum: usize,
  product: usize,
  kept: Odometer,
  reduced: Odometer,
): void {
  const n = <usize>reduced.inner;
  const toY = y - x;
  while (true) {
    const about = load<f32>(center);
    let total: f64 = 0;
    let products: f64 = 0;
    let row = x;
    while (true) {
      for (let first: usize = 0; first < n; first += CHUNK) {
        const chunk = row + (first << 2);
        const length = min(CHUNK, n - first);
        total += sumOfRow(chunk + toY, length);
        products += productsOfRow(chunk, chunk + toY, length, about, false);
      }
      const axis = advance(reduced);
      if (axis === null) break;
      row += axis.jump0;
    }
    store<f32>(sum, <f32>total);
    store<f32>(product, <f32>products);
    center += 4;
    sum += 4;
    product += 4;
    const axis = advance(kept);
    if (axis === null) return;
    x += axis.jump0;
  }
}

/**
 * out = factor·Σ y·(x − center), or factor·Σ (x − center)² if y is 0, over columns: the innermost axis is kept and contiguous. Four
 * neighbouring columns are summed side by side; some lanes of the last four may be unused.
 */
export function productsColumnsF32(
  x: usize,
  center: usize,
  y: usize,
  factor: f64,
  out: usize,
  kept: Odometer,
  reduced: Odometer,
): void {
  const columns = kept.inner;
  const step = <usize>reduced.step;
  while (true) {
    for (let column = 0; column < columns; column += 4) {
      const at = (<usize>column) << 2;
      const c = v128.load(center + at);
      let low = f64x2.splat(0);
      let high = low;
      let rows = at;
      while (true) {
        let row = rows;
        for (let i = reduced.inner; i > 0; i--) {
          const d = f32x4.sub(v128.load(x + row), c);
          const p = f32x4.mul(d, y ? v128.load(y + row) : d);
          low = f64x2.add(low, f64x2.promote_low_f32x4(p));
          high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<i32>(p, p, 2, 3, 0, 1)));
          row += step;
        }
        const axis = advance(reduced);
        if (axis === null) break;
        rows += axis.jump0;
      }
      const left = min(4, columns - column);
      store<f32>(out + at, <f32>(factor * f64x2.extract_lane(low, 0)));
      if (left > 1) store<f32>(out + at, <f32>(factor * f64x2.extract_lane(low, 1)), 4);
      if (left > 2) store<f32>(out + at, <f32>(factor * f64x2.extract_lane(high, 0)), 8);
      if (left > 3) store<f32>(out + at, <f32>(factor * f64x2.extract_lane(high, 1)), 12);
    }
    const bytes = (<usize>columns) << 2;
    center += bytes;
    out += bytes;
    const axis = advance(kept);
    if (axis === null) return;
    x += axis.jump0;
    if (y) y += axis.jump0;
  }
}

/** mean and variance of float64, one element at a time. */
export function momentsF64(x: usize, mean: usize, variance: usize, kept: Odometer, reduced: Odometer): void {
  while (true) {
    let count: f64 = 0;
    let sum: f64 = 0;
    for (let row = x; ;) {
      for (let i = 0; i < reduced.inner; i++) sum += load<f64>(row + <usize>(i * reduced.step));
      count += <f64>reduced.inner;
      const axis = advance(reduced);
      if (axis === null) break;
      row += axis.jump0;
    }
    const center = sum / count;
    let squares: f64 = 0;
    for (let row = x; ;) {
      for (let i = 0; i < reduced.inner; i++) {
        const d = load<f64>(row + <usize>(i * reduced.step)) - center;
        squares += d * d;
      }
      const axis = advance(reduced);
      if (axis === null) break;
      row += axis.jump0;
    }
    store<f64>(mean, center);
    store<f64>(variance, squares / count);
    mean += 8;
    variance += 8;
    const axis = advance(kept);
    if (axis === null) return;
    x += axis.jump0;
  }
}

/** {@link comomentsRowsF32} of float64, over any axes. */
export function comomentsF64(
  x: usize,
  center: usize,
  y: usize,
  sum: usize,
  product: usize,
  kept: Odometer,
  reduced: Odometer,
): void {
  const toY = y - x;
  while (true) {
    const about = load<f64>(center);
    let total: f64 = 0;
    let products: f64 = 0;
    for (let row = x; ;) {
      for (let i = 0; i < reduced.inner; i++) {
        const at = row + <usize>(i * reduced.step);
        const value = load<f64>(at + toY);
        total += value;
        products += value * (load<f64>(at) - about);
      }
      const axis = advance(reduced);
      if (axis === null) break;
      row += axis.jump0;
    }
    store<f64>(sum, total);
    store<f64>(product, products);
    center += 8;
    sum += 8;
    product += 8;
    const axis = advance(kept);
    if (axis === null) return;
    x += axis.jump0;
  }
}
