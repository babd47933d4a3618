/**
 * The names of the operations that primitives are parameterised by, and the formula of each. Every backend computes all of
 * them: its tables are keyed by these names, so a missing one does not compile.
 */

/**
 * Elementwise functions of one array. Input and output have the same floating dtype, with two exceptions:
 * `negative absolute sign square relu ceil floor rint trunc` take any dtype but bool and keep it; `logicalNot`,
 * `isNan`, `isInf` fill a bool. `rint` rounds halves to even; `sigmoid` is 1/(1+e⁻ˣ); `erf`, `erfc` are the error
 * function and its complement; `softplus` is log(1+eˣ) without overflow.
 */
export const UNARY_OPS = [
  'negative',
  'absolute',
  'sign',
  'square',
  'relu',
  'ceil',
  'floor',
  'rint',
  'trunc',
  'sqrt',
  'rsqrt',
  'reciprocal',
  'exp',
  'exp2',
  'expm1',
  'log',
  'log2',
  'log10',
  'log1p',
  'sin',
  'cos',
  'tan',
  'arcsin',
  'arccos',
  'arctan',
  'sinh',
  'cosh',
  'tanh',
  'erf',
  'erfc',
  'sigmoid',
  'softplus',
  'logicalNot',
  'isNan',
  'isInf',
] as const;
/** The name of an elementwise primitive of one array. */
export type UnaryOp = (typeof UNARY_OPS)[number];

/**
 * Elementwise functions of two arrays of one dtype, with broadcasting. Arithmetic keeps the dtype (`divide` of integers
 * truncates toward minus infinity, as `floorDivide`); comparisons and logical operations fill a bool. `mod` has the sign
 * of the divisor (Python), `fmod` that of the dividend (C). `power` of floats is C's `pow`. The last three are the
 * gradients that every network computes, fused: with y the forward result, `sigmoidGrad(y, g) = g·y·(1−y)`,
 * `tanhGrad(y, g) = g·(1−y²)`, `reluGrad(y, g) = y > 0 ? g : 0`. NaN propagates through `maximum` and `minimum`.
 */
export const BINARY_OPS = [
  'add',
  'subtract',
  'multiply',
  'divide',
  'power',
  'maximum',
  'minimum',
  'mod',
  'fmod',
  'floorDivide',
  'arctan2',
  'sigmoidGrad',
  'tanhGrad',
  'reluGrad',
  'equal',
  'notEqual',
  'less',
  'lessEqual',
  'greater',
  'greaterEqual',
  'logicalAnd',
  'logicalOr',
  'logicalXor',
] as const;
/** The name of an elementwise primitive of two arrays. */
export type BinaryOp = (typeof BINARY_OPS)[number];

/** The binary operations whose result is a bool. */
export const COMPARISONS = [
  'equal',
  'notEqual',
  'less',
  'lessEqual',
  'greater',
  'greaterEqual',
  'logicalAnd',
  'logicalOr',
  'logicalXor',
] as const satisfies readonly BinaryOp[];

/**
 * Reductions. `sum` and `prod` keep the dtype; the empty sum is 0, the empty product 1. `max` and `min` of no elements are
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
