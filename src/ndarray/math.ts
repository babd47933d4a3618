/**
 * The elementwise functions of `np`. Each computes an element from one element, or from two that broadcast by NumPy's rules. Functions
 * that need floats convert integers to `float32`.
 */
import { type ArrayLike, operand } from './conversion.js';
import { holds, isFloating } from './dtype.js';
import { binary, type Operand, unary } from './elementwise.js';
import { copy } from './manipulation.js';
import type { NDArray } from './ndarray.js';

/** −x; follows numpy.negative. */
export const negative = (x: ArrayLike): NDArray => unary('negative', x);

/** |x|; follows numpy.absolute. */
export const absolute = (x: ArrayLike): NDArray => unary('absolute', x);

/** −1, 0 or 1; follows numpy.sign. */
export const sign = (x: ArrayLike): NDArray => unary('sign', x);

/** x²; follows numpy.square. */
export const square = (x: ArrayLike): NDArray => unary('square', x);

/** The smallest integer not below x; follows numpy.ceil. */
export const ceil = (x: ArrayLike): NDArray => unary('ceil', x);

/** The largest integer not above x; follows numpy.floor. */
export const floor = (x: ArrayLike): NDArray => unary('floor', x);

/** The nearest integer, halves to even; follows numpy.rint. */
export const rint = (x: ArrayLike): NDArray => unary('rint', x);

/** x without its fraction; follows numpy.trunc. */
export const trunc = (x: ArrayLike): NDArray => unary('trunc', x);

/** √x; follows numpy.sqrt. */
export const sqrt = (x: ArrayLike): NDArray => unary('sqrt', x);

/** 1/x; follows numpy.reciprocal. */
export const reciprocal = (x: ArrayLike): NDArray => unary('reciprocal', x);

/** eˣ; follows numpy.exp. */
export const exp = (x: ArrayLike): NDArray => unary('exp', x);

/** 2ˣ; follows numpy.exp2. */
export const exp2 = (x: ArrayLike): NDArray => unary('exp2', x);

/** eˣ − 1; follows numpy.expm1. */
export const expm1 = (x: ArrayLike): NDArray => unary('expm1', x);

/** The natural logarithm; follows numpy.log. */
export const log = (x: ArrayLike): NDArray => unary('log', x);

/** The logarithm to base 2; follows numpy.log2. */
export const log2 = (x: ArrayLike): NDArray => unary('log2', x);

/** The logarithm to base 10; follows numpy.log10. */
export const log10 = (x: ArrayLike): NDArray => unary('log10', x);

/** log(1 + x); follows numpy.log1p. */
export const log1p = (x: ArrayLike): NDArray => unary('log1p', x);

/** The sine of radians; follows numpy.sin. */
export const sin = (x: ArrayLike): NDArray => unary('sin', x);

/** The cosine of radians; follows numpy.cos. */
export const cos = (x: ArrayLike): NDArray => unary('cos', x);

/** The tangent of radians; follows numpy.tan. */
export const tan = (x: ArrayLike): NDArray => unary('tan', x);

/** The inverse sine, in radians; follows numpy.arcsin. */
export const arcsin = (x: ArrayLike): NDArray => unary('arcsin', x);

/** The inverse cosine, in radians; follows numpy.arccos. */
export const arccos = (x: ArrayLike): NDArray => unary('arccos', x);

/** The inverse tangent, in radians; follows numpy.arctan. */
export const arctan = (x: ArrayLike): NDArray => unary('arctan', x);

/** The hyperbolic sine; follows numpy.sinh. */
export const sinh = (x: ArrayLike): NDArray => unary('sinh', x);

/** The hyperbolic cosine; follows numpy.cosh. */
export const cosh = (x: ArrayLike): NDArray => unary('cosh', x);

/** The hyperbolic tangent; follows numpy.tanh. */
export const tanh = (x: ArrayLike): NDArray => unary('tanh', x);

/** Whether x is zero, as bool; follows numpy.logical_not. */
export const logicalNot = (x: ArrayLike): NDArray => unary('logicalNot', x);

/** Whether x is not a number, as bool; follows numpy.isnan. */
export const isnan = (x: ArrayLike): NDArray => unary('isNan', x);

/** Whether x is infinite, as bool; follows numpy.isinf. */
export const isinf = (x: ArrayLike): NDArray => unary('isInf', x);

/** a + b; follows numpy.add. */
export const add = (a: Operand, b: Operand): NDArray => binary('add', a, b);

/** a − b; follows numpy.subtract. */
export const subtract = (a: Operand, b: Operand): NDArray => binary('subtract', a, b);

/** a·b; follows numpy.multiply. */
export const multiply = (a: Operand, b: Operand): NDArray => binary('multiply', a, b);

/** a/b; floating for integers too. Follows numpy.true_divide. */
export const divide = (a: Operand, b: Operand): NDArray => binary('divide', a, b);

/** aᵇ; follows numpy.power. */
export const power = (a: Operand, b: Operand): NDArray => binary('power', a, b);

/** The larger of a and b; NaN wins; follows numpy.maximum. */
export const maximum = (a: Operand, b: Operand): NDArray => binary('maximum', a, b);

/** The smaller of a and b; NaN wins; follows numpy.minimum. */
export const minimum = (a: Operand, b: Operand): NDArray => binary('minimum', a, b);

/** The remainder with the sign of b; follows numpy.mod. */
export const mod = (a: Operand, b: Operand): NDArray => binary('mod', a, b);

/** The remainder with the sign of a; follows numpy.fmod. */
export const fmod = (a: Operand, b: Operand): NDArray => binary('fmod', a, b);

/** ⌊a/b⌋; follows numpy.floor_divide. */
export const floorDivide = (a: Operand, b: Operand): NDArray => binary('floorDivide', a, b);

/** The angle of the point (b, a), in radians; follows numpy.arctan2. */
export const arctan2 = (a: Operand, b: Operand): NDArray => binary('arctan2', a, b);

/** a = b, as bool; follows numpy.equal. */
export const equal = (a: Operand, b: Operand): NDArray => binary('equal', a, b);

/** a ≠ b, as bool; follows numpy.not_equal. */
export const notEqual = (a: Operand, b: Operand): NDArray => binary('notEqual', a, b);

/** a < b, as bool; follows numpy.less. */
export const less = (a: Operand, b: Operand): NDArray => binary('less', a, b);

/** a ≤ b, as bool; follows numpy.less_equal. */
export const lessEqual = (a: Operand, b: Operand): NDArray => binary('lessEqual', a, b);

/** a > b, as bool; follows numpy.greater. */
export const greater = (a: Operand, b: Operand): NDArray => binary('greater', a, b);

/** a ≥ b, as bool; follows numpy.greater_equal. */
export const greaterEqual = (a: Operand, b: Operand): NDArray => binary('greaterEqual', a, b);

/** Both non-zero, as bool; follows numpy.logical_and. */
export const logicalAnd = (a: Operand, b: Operand): NDArray => binary('logicalAnd', a, b);

/** Either non-zero, as bool; follows numpy.logical_or. */
export const logicalOr = (a: Operand, b: Operand): NDArray => binary('logicalOr', a, b);

/** Exactly one non-zero, as bool; follows numpy.logical_xor. */
export const logicalXor = (a: Operand, b: Operand): NDArray => binary('logicalXor', a, b);

/**
 * x limited to [low, high], both included; null means no limit, as does a limit beyond all integers of x's dtype. Follows numpy.clip.
 */
export function clip(x: ArrayLike, low: Operand | null, high: Operand | null): NDArray {
  const array = operand('clip', 'x', x);
  const above = isLimit('low', array, low) ? maximum(array, low) : array;
  return isLimit('high', array, high) ? minimum(above, high) : above === x ? copy(above) : above;
}

function isLimit(name: string, { dtype }: NDArray, limit: Operand | null): limit is Operand {
  if (limit === undefined) throw new TypeError(`clip: ${name} is undefined, expected a number, an array or null`);
  if (limit === null) return false;
  const beyond = typeof limit === 'number' && Number.isInteger(limit) && !isFloating(dtype) && !holds('int32', limit);
  return !(beyond && limit < 0 === (name === 'low'));
}
