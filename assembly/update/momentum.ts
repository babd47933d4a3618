/** Update rules that step along the gradient: plain, and with momentum. */
import { hyper, lanes, madd, splat, storeLeft } from './lanes';

/** p −= lr·g */
export function sgd<T>(param: usize, grad: usize, n: i32, numbers: usize): void {
  const minusRate = splat<T>(-hyper(numbers, 0));
  for (let left = n; left > 0; left -= lanes<T>()) {
    storeLeft<T>(param, madd<T>(minusRate, v128.load(grad), v128.load(param)), left);
    param += 16;
    grad += 16;
  }
}

/** v = m·v − lr·g; p += v */
export function momentumSgd<T>(param: usize, grad: usize, velocity: usize, n: i32, numbers: usize): void {
  const minusRate = splat<T>(-hyper(numbers, 0));
  const momentum = splat<T>(hyper(numbers, 1));
  for (let left = n; left > 0; left -= lanes<T>()) {
    const v = madd<T>(minusRate, v128.load(grad), v128.mul<T>(momentum, v128.load(velocity)));
    storeLeft<T>(param, v128.add<T>(v128.load(param), v), left);
    storeLeft<T>(velocity, v, left);
    param += 16;
    grad += 16;
    velocity += 16;
  }
}

/** v = m·v − g; p += lr·v */
export function correctedMomentumSgd<T>(param: usize, grad: usize, velocity: usize, n: i32, numbers: usize): void {
  const rate = splat<T>(hyper(numbers, 0));
  const momentum = splat<T>(hyper(numbers, 1));
  for (let left = n; left > 0; left -= lanes<T>()) {
    const v = v128.sub<T>(v128.mul<T>(momentum, v128.load(velocity)), v128.load(grad));
    storeLeft<T>(param, madd<T>(rate, v, v128.load(param)), left);
    storeLeft<T>(velocity, v, left);
    param += 16;
    grad += 16;
    velocity += 16;
  }
}

/** v = m·v − lr·g; p += m²·v − (1+m)·lr·g */
export function nesterovAg<T>(param: usize, grad: usize, velocity: usize, n: i32, numbers: usize): void {
  const lr = hyper(numbers, 0);
  const m = hyper(numbers, 1);
  const minusRate = splat<T>(-lr);
  const momentum = splat<T>(m);
  const momentumSquared = splat<T>(m * m);
  const minusAhead = splat<T>(-(1 + m) * lr);
  for (let left = n; left > 0; left -= lanes<T>()) {
    const g = v128.load(grad);
    const v = madd<T>(minusRate, g, v128.mul<T>(momentum, v128.load(velocity)));
    storeLeft<T>(param, madd<T>(minusAhead, g, madd<T>(momentumSquared, v, v128.load(param))), left);
    storeLeft<T>(velocity, v, left);
    param += 16;
    grad += 16;
    velocity += 16;
  }
}
