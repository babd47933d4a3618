/** Adam and its variants: steps along a mean of gradients, scaled by a mean of their squares. */
import { hyper, lanes, madd, splat, square, storeLeft, towards } from './lanes';

/**
 * m += (1−β₁)·(g−m); v += (1−β₂)·(g²−v); p −= eta·(clip(alphaT/(√v+eps), lower, upper)·m + weightDecayRate·p).
 * With `largest`, the state v̂ = max(v̂, v) takes the place of v: AMSGrad.
 */
export function adam<T>(
  param: usize,
  grad: usize,
  mean: usize,
  variance: usize,
  largest: usize,
  n: i32,
  numbers: usize,
): void {
  const alpha = splat<T>(hyper(numbers, 0));
  const meanRate = splat<T>(hyper(numbers, 1));
  const varianceRate = splat<T>(hyper(numbers, 2));
  const eps = splat<T>(hyper(numbers, 3));
  const minusEta = splat<T>(-hyper(numbers, 4));
  const decay = splat<T>(hyper(numbers, 5));
  const lower = splat<T>(hyper(numbers, 6));
  const upper = splat<T>(hyper(numbers, 7));
  for (let left = n; left > 0; left -= lanes<T>()) {
    const p = v128.load(param);
    const g = v128.load(grad);
    const m = towards<T>(v128.load(mean), g, meanRate);
    let v = towards<T>(v128.load(variance), square<T>(g), varianceRate);
    storeLeft<T>(mean, m, left);
    storeLeft<T>(variance, v, left);
    if (largest) {
      v = v128.pmax<T>(v, v128.load(largest));
      storeLeft<T>(largest, v, left);
      largest += 16;
    }
    const rate = v128.div<T>(alpha, v128.add<T>(v128.sqrt<T>(v), eps));
    // pmax and pmin keep a NaN in their first operand, and take one instruction where max and min take several.
    const clipped = v128.pmin<T>(v128.pmax<T>(rate, lower), upper);
    storeLeft<T>(param, madd<T>(minusEta, madd<T>(clipped, m, v128.mul<T>(decay, p)), p), left);
    param += 16;
    grad += 16;
    mean += 16;
    variance += 16;
  }
}

/**
 * m += (1−beta)·(g−m); v += (1−beta)·(g²−v); mt = m/(1−betaᵗ); s = (v/(1−betaᵗ) − mt²)/(1−rho);
 * f = clip(mt²/(mt² + rho·s), 0, 1), 0 where that is NaN; p −= eta·(lr·f·mt + weightDecayRate·p)
 */
export function msvag<T>(param: usize, grad: usize, mean: usize, variance: usize, n: i32, numbers: usize): void {
  const lr = splat<T>(hyper(numbers, 0));
  const rate = splat<T>(hyper(numbers, 1));
  const correction = splat<T>(hyper(numbers, 2));
  const rho = splat<T>(hyper(numbers, 3));
  const restOfRho = splat<T>(1 - hyper(numbers, 3));
  const minusEta = splat<T>(-hyper(numbers, 4));
  const decay = splat<T>(hyper(numbers, 5));
  const zero = splat<T>(0);
  const one = splat<T>(1);
  for (let left = n; left > 0; left -= lanes<T>()) {
    const p = v128.load(param);
    const g = v128.load(grad);
    const m = towards<T>(v128.load(mean), g, rate);
    const v = towards<T>(v128.load(variance), square<T>(g), rate);
    const mt = v128.div<T>(m, correction);
    const squared = square<T>(mt);
    const s = v128.div<T>(v128.sub<T>(v128.div<T>(v, correction), squared), restOfRho);
    const ratio = v128.div<T>(squared, madd<T>(rho, s, squared));
    // pmax returns its first operand if the other is NaN.
    const f = v128.pmin<T>(v128.pmax<T>(zero, ratio), one);
    const step = madd<T>(v128.mul<T>(lr, f), mt, v128.mul<T>(decay, p));
    storeLeft<T>(mean, m, left);
    storeLeft<T>(variance, v, left);
    storeLeft<T>(param, madd<T>(minusEta, step, p), left);
    param += 16;
    grad += 16;
    mean += 16;
    variance += 16;
  }
}
