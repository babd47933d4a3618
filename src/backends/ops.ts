/**
 * The names of the operations that primitives are parameterised by, and the formula of each. Every backend computes all of them:
 * a backend's tables are keyed by these names, so a missing operation does not compile. Kernels know operations by number: by
 * their place in the list.
 */

/**
 * Elementwise functions of one array, and the dtypes of each: `numbers` takes any dtype but bool, `floats` floating dtypes, and both fill
 * the same dtype; `test` takes any dtype and fills a bool.
 */
export const UNARY_KINDS = {
  negative: 'numbers',
  absolute: 'numbers',
  sign: 'numbers',
  square: 'numbers',
  relu: 'numbers',
  ceil: 'numbers',
  floor: 'numbers',
  rint: 'numbers', // halves to even
  trunc: 'numbers',
  sqrt: 'floats',
  rsqrt: 'floats', // 1/√x
  reciprocal: 'floats',
  exp: 'floats',
  exp2: 'floats',
  expm1: 'floats',
  log: 'floats',
  log2: 'floats',
  log10: 'floats',
  log1p: 'floats',
  sin: 'floats',
  cos: 'floats',
  tan: 'floats',
  arcsin: 'floats',
  arccos: 'floats',
  arctan: 'floats',
  sinh: 'floats',
  cosh: 'floats',
  tanh: 'floats',
  erf: 'floats', // the error function
  erfc: 'floats', // 1 − erf(x)
  sigmoid: 'floats', // 1/(1+e⁻ˣ)
  softplus: 'floats', // log(1+eˣ), without overflow
  logicalNot: 'test',
  isNan: 'test',
  isInf: 'test',
} as const satisfies Record<string, 'numbers' | 'floats' | 'test'>;
/** The name of an elementwise primitive of one array. */
export type UnaryOp = keyof typeof UNARY_KINDS;
/** The unary operations in the order of the kernels' numbers. */
export const UNARY_OPS = Object.keys(UNARY_KINDS) as readonly UnaryOp[];

/**
 * Elementwise functions of two arrays of one dtype, with broadcasting, and the dtypes of each: `any` takes any dtype, `floats` floating
 * dtypes, and both fill the same dtype; `comparison` and `logical` take any dtype and fill a bool. NaN propagates through `maximum` and
 * `minimum`.
 */
export const BINARY_KINDS = {
  add: 'any',
  subtract: 'any',
  multiply: 'any',
  divide: 'any', // of integers: as floorDivide
  power: 'any', // of floats: C's pow
  maximum: 'any',
  minimum: 'any',
  mod: 'any', // has the sign of the divisor, as in Python
  fmod: 'any', // has the sign of the dividend, as in C
  floorDivide: 'any', // rounds toward minus infinity
  arctan2: 'floats',
  // The gradients that every network computes, with y the forward result and g its gradient.
  sigmoidGrad: 'floats', // (y, g): g·y·(1−y)
  tanhGrad: 'floats', // (y, g): g·(1−y²)
  reluGrad: 'any', // (y, g): y > 0 ? g : 0
  equal: 'comparison',
  notEqual: 'comparison',
  less: 'comparison',
  lessEqual: 'comparison',
  greater: 'comparison',
  greaterEqual: 'comparison',
  logicalAnd: 'logical',
  logicalOr: 'logical',
  logicalXor: 'logical',
} as const satisfies Record<string, 'any' | 'floats' | 'comparison' | 'logical'>;
/** The name of an elementwise primitive of two arrays. */
export type BinaryOp = keyof typeof BINARY_KINDS;
/** The binary operations in the order of the kernels' numbers. */
export const BINARY_OPS = Object.keys(BINARY_KINDS) as readonly BinaryOp[];

const FILLING_BOOL: ReadonlySet<BinaryOp> = new Set(
  BINARY_OPS.filter((op) => BINARY_KINDS[op] === 'comparison' || BINARY_KINDS[op] === 'logical'),
);

/** Whether a binary operation fills a bool. Each call of `np.add` asks, and the set answers faster than two comparisons. */
export const fillsBool = (op: BinaryOp): boolean => FILLING_BOOL.has(op);

/**
 * Reductions. `sum` and `prod` keep the dtype; the empty sum is 0, the empty product 1. `max` and `min` of an empty array are
 * refused. NaN propagates.
 */
export const REDUCE_OPS = ['sum', 'prod', 'max', 'min'] as const;
/** The name of a reduction. */
export type ReduceOp = (typeof REDUCE_OPS)[number];

/** The position of the largest or smallest element along an axis. */
export const ARG_REDUCE_OPS = ['argmax', 'argmin'] as const;
/** The name of a search for an extreme. */
export type ArgReduceOp = (typeof ARG_REDUCE_OPS)[number];

/** Running sums and products along an axis. */
export const CUMULATIVE_OPS = ['cumsum', 'cumprod'] as const;
/** The name of a running sum or product. */
export type CumulativeOp = (typeof CUMULATIVE_OPS)[number];

/** The functions that a product can apply to its result before it stores it. */
export type Activation = 'none' | 'relu' | 'sigmoid' | 'tanh';

/** Distributions of random numbers: uniform in [0, 1), and normal with mean 0 and variance 1. */
export const RANDOM_KINDS = ['uniform', 'normal'] as const;
/** The name of a distribution. */
export type RandomKind = (typeof RANDOM_KINDS)[number];

/**
 * In-place optimizer updates: states, hyperparameters (both in this order) and formulas. p is the parameter, g its
 * gradient; all states are shaped like p.
 *
 * - `sgd` (lr): p −= lr·g
 * - `momentumSgd` v; (lr, m): v = m·v − lr·g; p += v
 * - `correctedMomentumSgd` v; (lr, m): v = m·v − g; p += lr·v
 * - `nesterovAg` v; (lr, m): v = m·v − lr·g; p += m²·v − (1+m)·lr·g
 * - `adaGrad` h; (lr, eps): h += g²; p −= lr·g/(√h + eps)
 * - `adaDelta` msg, msdx; (rho, eps): msg = rho·msg + (1−rho)·g²; dx = √((msdx+eps)/(msg+eps))·g;
 *   msdx = rho·msdx + (1−rho)·dx²; p −= dx
 * - `rmsProp` ms; (lr, alpha, epsInside, epsOutside): ms = alpha·ms + (1−alpha)·g²; p −= lr·g/(√(ms+epsInside) + epsOutside)
 * - `rmsPropGraves` n, g₁, delta; (lr, alpha, m, eps): n = alpha·n + (1−alpha)·g²; g₁ = alpha·g₁ + (1−alpha)·g;
 *   delta = m·delta − lr·g/√(n − g₁² + eps); p += delta
 * - `smorms3` mem, g₁, g₂; (lr, eps): r = 1/(mem+1); g₁ = (1−r)·g₁ + r·g; g₂ = (1−r)·g₂ + r·g²; x = g₁²/(g₂+eps);
 *   p −= g·min(lr, x)/(√g₂ + eps); mem = 1 + mem·(1−x)
 * - `adam` m, v; (alphaT, 1−beta1, 1−beta2, eps, eta, weightDecayRate, lower, upper): m += (1−beta1)·(g−m);
 *   v += (1−beta2)·(g²−v); p −= eta·(clip(alphaT/(√v+eps), lower, upper)·m + weightDecayRate·p)
 * - `amsGrad` m, v, vhat; the same numbers: m, v as in adam; vhat = max(vhat, v), used in place of v
 * - `msvag` m, v; (lr, 1−beta, 1−betaᵗ, rho, eta, weightDecayRate): m += (1−beta)·(g−m); v += (1−beta)·(g²−v);
 *   mt = m/(1−betaᵗ); s = (v/(1−betaᵗ) − mt²)/(1−rho); f = clip(mt²/(mt² + rho·s), 0, 1), 0 where that is NaN;
 *   p −= eta·(lr·f·mt + weightDecayRate·p)
 */
export const UPDATE_RULES = [
  'sgd',
  'momentumSgd',
  'correctedMomentumSgd',
  'nesterovAg',
  'adaGrad',
  'adaDelta',
  'rmsProp',
  'rmsPropGraves',
  'smorms3',
  'adam',
  'amsGrad',
  'msvag',
] as const;
/** The name of an optimizer update. */
export type UpdateRuleName = (typeof UPDATE_RULES)[number];
