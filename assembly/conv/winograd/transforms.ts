/**
 * The three transforms of F(m, 3) along one axis, and their adjoints, on four lanes at a time. F(m, 3) has m + 2 interpolation
 * points p: 0, then ±a, ±b and ±c as needed, and ∞. M(x) is the product of (x − p) over all finite points.
 *
 *     input    Bᵀ d   the row of p has the coefficients of M(x)/(x − p); the row of ∞ has those of M(x)
 *     filter   G g    the row of p is (1, p, p²)/M′(p); the row of ∞ is (0, 0, 1)
 *     output   Aᵀ s   the column of p is (1, p, p², …); the column of ∞ is (0, …, 0, 1)
 *
 * The rows of p and −p have equal even parts and opposite odd parts, so each part is computed once.
 *
 * | m | points           | error for uniform operands, relative to the largest Σ|x·w|, with 1 … 64 channels|
 * |---|------------------|--------------------------------------------------------------------------------|
 * | 2 | 0, ±1            | 2e-7 … 5e-8                                                                    |
 * | 4 | 0, ±5/8, ±5/4    | 6e-7 … 4e-7: less than half the error of ±1, ±2; few binary digits per constant|
 * | 6 | 0, ±1, ±2, ±1/2  | 4e-6 … 2e-6                                                                    |
 */
import { madd } from '../../simd/madd';

/** a² and b² of F(4, 3). */
const A4: f32 = 25.0 / 64.0;
const B4: f32 = 25.0 / 16.0;
/** a and b of F(4, 3). */
const a4: f32 = 0.625;
const b4: f32 = 1.25;

/** factor·x */
// @ts-ignore: decorator
@inline
function times(x: v128, factor: f32): v128 {
  return f32x4.mul(x, f32x4.splat(factor));
}

/** sum + factor·x */
// @ts-ignore: decorator
@inline
function plus(sum: v128, factor: f32, x: v128): v128 {
  return madd(f32x4.splat(factor), x, sum);
}

/** sum − factor·x */
// @ts-ignore: decorator
@inline
function minus(sum: v128, factor: f32, x: v128): v128 {
  return madd(f32x4.splat(-factor), x, sum);
}

/** Stores even + odd and even − odd: the rows of p and −p. */
// @ts-ignore: decorator
@inline
function storePair(even: v128, odd: v128, to: usize, step: usize): void {
  v128.store(to, f32x4.add(even, odd));
  v128.store(to + step, f32x4.sub(even, odd));
}

/** Bᵀ d of the first m + 2 values; the rest is ignored. */
// @ts-ignore: decorator
@inline
export function transformInput(
  m: i32,
  d0: v128,
  d1: v128,
  d2: v128,
  d3: v128,
  d4: v128,
  d5: v128,
  d6: v128,
  d7: v128,
  to: usize,
  step: usize,
): void {
  if (m == 2) {
    v128.store(to, f32x4.sub(d2, d0));
    storePair(d2, d1, to + step, step);
    v128.store(to + 3 * step, f32x4.sub(d3, d1));
  } else if (m == 4) {
    v128.store(to, plus(minus(d4, A4 + B4, d2), A4 * B4, d0));
    storePair(minus(d4, B4, d2), times(minus(d3, B4, d1), a4), to + step, step);
    storePair(minus(d4, A4, d2), times(minus(d3, A4, d1), b4), to + 3 * step, step);
    v128.store(to + 5 * step, plus(minus(d5, A4 + B4, d3), A4 * B4, d1));
  } else {
    // The squares of the points are 1, 4 and 1/4. Their sum is 21/4, the sum of their pairwise products too; their product is 1.
    v128.store(to, plus(f32x4.sub(d6, d0), 5.25, f32x4.sub(d2, d4)));
    storePair(minus(f32x4.add(d6, d2), 4.25, d4), minus(f32x4.add(d5, d1), 4.25, d3), to + step, step);
    storePair(plus(minus(d6, 1.25, d4), 0.25, d2), times(plus(minus(d5, 1.25, d3), 0.25, d1), 2), to + 3 * step, step);
    storePair(plus(minus(d6, 5, d4), 4, d2), times(plus(minus(d5, 5, d3), 4, d1), 0.5), to + 5 * step, step);
    v128.store(to + 7 * step, plus(f32x4.sub(d7, d1), 5.25, f32x4.sub(d3, d5)));
  }
}

/** Stores (g₀ ± p·g₁ + p²·g₂)·scale: the rows of p and −p. */
// @ts-ignore: decorator
@inline
function filterPair(g0: v128, g1: v128, g2: v128, point: f32, scale: f32, to: usize, step: usize): void {
  storePair(plus(times(g0, scale), point * point * scale, g2), times(g1, point * scale), to, step);
}

/** G g of three values. */
// @ts-ignore: decorator
@inline
export function transformFilter(m: i32, g0: v128, g1: v128, g2: v128, to: usize, step: usize): void {
  if (m == 2) {
    v128.store(to, f32x4.neg(g0));
    filterPair(g0, g1, g2, 1, 0.5, to + step, step);
  } else if (m == 4) {
    v128.store(to, times(g0, 1 / (A4 * B4)));
    filterPair(g0, g1, g2, a4, 1 / (2 * A4 * (A4 - B4)), to + step, step);
    filterPair(g0, g1, g2, b4, 1 / (2 * B4 * (B4 - A4)), to + 3 * step, step);
  } else {
    v128.store(to, f32x4.neg(g0));
    filterPair(g0, g1, g2, 1, -2.0 / 9.0, to + step, step);
    filterPair(g0, g1, g2, 2, 1.0 / 90.0, to + 3 * step, step);
    filterPair(g0, g1, g2, 0.5, 32.0 / 45.0, to + 5 * step, step);
  }
  v128.store(to + <usize>(m + 1) * step, g2);
}

/** Aᵀ s: m values from the first m + 2; the rest is ignored. */
// @ts-ignore: decorator
@inline
export function transformOutput(
  m: i32,
  s0: v128,
  s1: v128,
  s2: v128,
  s3: v128,
  s4: v128,
  s5: v128,
  s6: v128,
  s7: v128,
  to: usize,
  step: usize,
): void {
  const even1 = f32x4.add(s1, s2);
  const odd1 = f32x4.sub(s1, s2);
  if (m == 2) {
    v128.store(to, f32x4.add(s0, even1));
    v128.store(to + step, f32x4.add(odd1, s3));
    return;
  }
  const even2 = f32x4.add(s3, s4);
  const odd2 = f32x4.sub(s3, s4);
  if (m == 4) {
    v128.store(to, f32x4.add(s0, f32x4.add(even1, even2)));
    v128.store(to + step, plus(times(odd1, a4), b4, odd2));
    v128.store(to + 2 * step, plus(times(even1, A4), B4, even2));
    v128.store(to + 3 * step, plus(plus(s5, a4 * A4, odd1), b4 * B4, odd2));
    return;
  }
  const even3 = f32x4.add(s5, s6);
  const odd3 = f32x4.sub(s5, s6);
  v128.store(to, f32x4.add(f32x4.add(s0, even1), f32x4.add(even2, even3)));
  v128.store(to + step, plus(plus(odd1, 2, odd2), 0.5, odd3));
  v128.store(to + 2 * step, plus(plus(even1, 4, even2), 0.25, even3));
  v128.store(to + 3 * step, plus(plus(odd1, 8, odd2), 0.125, odd3));
  v128.store(to + 4 * step, plus(plus(even1, 16, even2), 0.0625, even3));
  v128.store(to + 5 * step, plus(plus(f32x4.add(s7, odd1), 32, odd2), 0.03125, odd3));
}

/** A g of the first m values, the adjoint of {@link transformOutput}; the rest is ignored. */
// @ts-ignore: decorator
@inline
export function spreadOutput(
  m: i32,
  g0: v128,
  g1: v128,
  g2: v128,
  g3: v128,
  g4: v128,
  g5: v128,
  to: usize,
  step: usize,
): void {
  v128.store(to, g0);
  if (m == 2) {
    storePair(g0, g1, to + step, step);
    v128.store(to + 3 * step, g1);
  } else if (m == 4) {
    storePair(plus(g0, A4, g2), plus(times(g1, a4), a4 * A4, g3), to + step, step);
    storePair(plus(g0, B4, g2), plus(times(g1, b4), b4 * B4, g3), to + 3 * step, step);
    v128.store(to + 5 * step, g3);
  } else {
    storePair(f32x4.add(f32x4.add(g0, g2), g4), f32x4.add(f32x4.add(g1, g3), g5), to + step, step);
    storePair(plus(plus(g0, 4, g2), 16, g4), plus(plus(times(g1, 2), 8, g3), 32, g5), to + 3 * step, step);
    storePair(
      plus(plus(g0, 0.25, g2), 0.0625, g4),
      plus(plus(times(g1, 0.5), 0.125, g3), 0.03125, g5),
      to + 5 * step,
      step,
    );
    v128.store(to + 7 * step, g5);
  }
}

/** Gᵀ s: three values from the first m + 2, the adjoint of {@link transformFilter}; the rest is ignored. */
// @ts-ignore: decorator
@inline
export function gatherFilter(
  m: i32,
  s0: v128,
  s1: v128,
  s2: v128,
  s3: v128,
  s4: v128,
  s5: v128,
  s6: v128,
  s7: v128,
  to: usize,
  step: usize,
): void {
  const even1 = f32x4.add(s1, s2);
  const odd1 = f32x4.sub(s1, s2);
  if (m == 2) {
    v128.store(to, minus(times(even1, 0.5), 1, s0));
    v128.store(to + step, times(odd1, 0.5));
    v128.store(to + 2 * step, plus(s3, 0.5, even1));
    return;
  }
  const even2 = f32x4.add(s3, s4);
  const odd2 = f32x4.sub(s3, s4);
  if (m == 4) {
    const scaleA: f32 = 1 / (2 * A4 * (A4 - B4));
    const scaleB: f32 = 1 / (2 * B4 * (B4 - A4));
    v128.store(to, plus(plus(times(s0, 1 / (A4 * B4)), scaleA, even1), scaleB, even2));
    v128.store(to + step, plus(times(odd1, a4 * scaleA), b4 * scaleB, odd2));
    v128.store(to + 2 * step, plus(plus(s5, A4 * scaleA, even1), B4 * scaleB, even2));
    return;
  }
  const even3 = f32x4.add(s5, s6);
  const odd3 = f32x4.sub(s5, s6);
  const scale1: f32 = -2.0 / 9.0;
  const scale2: f32 = 1.0 / 90.0;
  const scale3: f32 = 32.0 / 45.0;
  v128.store(to, plus(plus(minus(times(even1, scale1), 1, s0), scale2, even2), scale3, even3));
  v128.store(to + step, plus(plus(times(odd1, scale1), 2 * scale2, odd2), 0.5 * scale3, odd3));
  v128.store(to + 2 * step, plus(plus(plus(s7, scale1, even1), 4 * scale2, even2), 0.25 * scale3, even3));
}
