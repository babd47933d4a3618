/** Update rules that scale each element's step by the size of its past gradients. */
import { hyper, lanes, madd, splat, square, storeLeft, towards } from './lanes';

/** h += g²; p −= lr·g/(√h + eps) */
export function adaGrad<T>(param: usize, grad: usize, squares: usize, n: i32, numbers: usize): void {
  const rate = splat<T>(hyper(numbers, 0));
  const eps = splat<T>(hyper(numbers, 1));
  for (let left = n; left > 0; left -= lanes<T>()) {
    const g = v128.load(grad);
    const h = madd<T>(g, g, v128.load(squares));
    const step = v128.div<T>(v128.mul<T>(rate, g), v128.add<T>(v128.sqrt<T>(h), eps));
    storeLeft<T>(param, v128.sub<T>(v128.load(param), step), left);
    storeLeft<T>(squares, h, left);
    param += 16;
    grad += 16;
    squares += 16;
  }
}

/** msg = rho·msg + (1−rho)·g²; dx = √((msdx+eps)/(msg+eps))·g; msdx = rho·msdx + (1−rho)·dx²; p −= dx */
export function adaDelta<T>(param: usize, grad: usize, msg: usize, msdx: usize, n: i32, numbers: usize): void {
  const rho = splat<T>(hyper(numbers, 0));
  const rest = splat<T>(1 - hyper(numbers, 0));
  const eps = splat<T>(hyper(numbers, 1));
  for (let left = n; left > 0; left -= lanes<T>()) {
    const g = v128.load(grad);
    const past = v128.load(msdx);
    const squares = madd<T>(rest, square<T>(g), v128.mul<T>(rho, v128.load(msg)));
    const ratio = v128.div<T>(v128.add<T>(past, eps), v128.add<T>(squares, eps));
    const dx = v128.mul<T>(v128.sqrt<T>(ratio), g);
    storeLeft<T>(param, v128.sub<T>(v128.load(param), dx), left);
    storeLeft<T>(msg, squares, left);
    storeLeft<T>(msdx, madd<T>(rest, square<T>(dx), v128.mul<T>(rho, past)), left);
    param += 16;
    grad += 16;
    msg += 16;
    msdx += 16;
  }
}

/** ms = alpha·ms + (1−alpha)·g²; p −= lr·g/(√(ms+epsInside) + epsOutside) */
export function rmsProp<T>(param: usize, grad: usize, squares: usize, n: i32, numbers: usize): void {
  const rate = splat<T>(hyper(numbers, 0));
  const alpha = splat<T>(hyper(numbers, 1));
  const rest = splat<T>(1 - hyper(numbers, 1));
  const inside = splat<T>(hyper(numbers, 2));
  const outside = splat<T>(hyper(numbers, 3));
  for (let left = n; left > 0; left -= lanes<T>()) {
    const g = v128.load(grad);
    const ms = madd<T>(rest, square<T>(g), v128.mul<T>(alpha, v128.load(squares)));
    const scale = v128.add<T>(v128.sqrt<T>(v128.add<T>(ms, inside)), outside);
    storeLeft<T>(param, v128.sub<T>(v128.load(param), v128.div<T>(v128.mul<T>(rate, g), scale)), left);
    storeLeft<T>(squares, ms, left);
    param += 16;
    grad += 16;
    squares += 16;
  }
}

/** n = alpha·n + (1−alpha)·g²; g₁ = alpha·g₁ + (1−alpha)·g; delta = m·delta − lr·g/√(n − g₁² + eps); p += delta */
export function rmsPropGraves<T>(
  param: usize,
  grad: usize,
  squares: usize,
  mean: usize,
  delta: usize,
  n: i32,
  numbers: usize,
): void {
  const rate = splat<T>(hyper(numbers, 0));
  const alpha = splat<T>(hyper(numbers, 1));
  const rest = splat<T>(1 - hyper(numbers, 1));
  const momentum = splat<T>(hyper(numbers, 2));
  const eps = splat<T>(hyper(numbers, 3));
  for (let left = n; left > 0; left -= lanes<T>()) {
    const g = v128.load(grad);
    const second = madd<T>(rest, square<T>(g), v128.mul<T>(alpha, v128.load(squares)));
    const first = madd<T>(rest, g, v128.mul<T>(alpha, v128.load(mean)));
    const spread = v128.add<T>(madd<T>(v128.neg<T>(first), first, second), eps);
    const step = v128.div<T>(v128.mul<T>(rate, g), v128.sqrt<T>(spread));
    const d = v128.sub<T>(v128.mul<T>(momentum, v128.load(delta)), step);
    storeLeft<T>(param, v128.add<T>(v128.load(param), d), left);
    storeLeft<T>(squares, second, left);
    storeLeft<T>(mean, first, left);
    storeLeft<T>(delta, d, left);
    param += 16;
    grad += 16;
    squares += 16;
    mean += 16;
    delta += 16;
  }
}

/**
 * r = 1/(mem+1); g₁ = (1−r)·g₁ + r·g; g₂ = (1−r)·g₂ + r·g²; x = g₁²/(g₂+eps); p −= g·min(lr, x)/(√g₂ + eps);
 * mem = 1 + mem·(1−x)
 */
export function smorms3<T>(
  param: usize,
  grad: usize,
  memory: usize,
  first: usize,
  second: usize,
  n: i32,
  numbers: usize,
): void {
  const rate = splat<T>(hyper(numbers, 0));
  const eps = splat<T>(hyper(numbers, 1));
  const one = splat<T>(1);
  for (let left = n; left > 0; left -= lanes<T>()) {
    const g = v128.load(grad);
    const mem = v128.load(memory);
    const r = v128.div<T>(one, v128.add<T>(mem, one));
    const g1 = towards<T>(v128.load(first), g, r);
    const g2 = towards<T>(v128.load(second), square<T>(g), r);
    const x = v128.div<T>(square<T>(g1), v128.add<T>(g2, eps));
    const scale = v128.add<T>(v128.sqrt<T>(g2), eps);
    const step = v128.div<T>(v128.mul<T>(g, v128.min<T>(rate, x)), scale);
    storeLeft<T>(param, v128.sub<T>(v128.load(param), step), left);
    storeLeft<T>(memory, madd<T>(mem, v128.sub<T>(one, x), one), left);
    storeLeft<T>(first, g1, left);
    storeLeft<T>(second, g2, left);
    param += 16;
    grad += 16;
    memory += 16;
    first += 16;
    second += 16;
  }
}
