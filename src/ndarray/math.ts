/**
 * The elementwise functions of `np` by name. All compute one element from one (or two, broadcast by NumPy's rules) and
 * keep the shape; functions that need floats take integers as `float32`.
 */
import { binary, type Operand, unary } from './elementwise.js';
import type { NDArray } from './ndarray.js';

/** −x; follows numpy.negative. */
export const negative = (x: NDArray): NDArray => unary('negative', x);

/** |x|; follows numpy.absolute. */
export const absolute = (x: NDArray): NDArray => unary('absolute', x);

/** −1, 0 or 1; follows numpy.sign. */
export const sign = (x: NDArray): NDArray => unary('sign', x);

/** x²; follows numpy.square. */
export const square = (x: NDArray): NDArray => unary('square', x);

/** The smallest integer not below x; follows numpy.ceil. */
export const ceil = (x: NDArray): NDArray => unary('ceil', x);

/** The largest integer not above x; follows numpy.floor. */
export const floor = (x: NDArray): NDArray => unary('floor', x);

/** The nearest integer, halves to even; follows numpy.rint. */
export const rint = (x: NDArray): NDArray => unary('rint', x);

/** x without its fraction; follows numpy.trunc. */
export const trunc = (x: NDArray): NDArray => unary('trunc', x);

/** √x; follows numpy.sqrt. */
export const sqrt = (x: NDArray): NDArray => unary('sqrt', x);

/** 1/x; follows numpy.reciprocal. */
export const reciprocal = (x: NDArray): NDArray => unary('reciprocal', x);

/** eˣ; follows numpy.exp. */
export const exp = (x: NDArray): NDArray => unary('exp', x);

/** 2ˣ; follows numpy.exp2. */
export const exp2 = (x: NDArray): NDArray => unary('exp2', x);

/** eˣ − 1; follows numpy.expm1. */
export const expm1 = (x: NDArray): NDArray => unary('expm1', x);

/** The natural logarithm; follows numpy.log. */
export const log = (x: NDArray): NDArray => unary('log', x);

/** The logarithm to base 2; follows numpy.log2. */
export const log2 = (x: NDArray): NDArray => unary('log2', x);

/** The logarithm to base 10; follows numpy.log10. */
export const log10 = (x: NDArray): NDArray => unary('log10', x);

/** log(1 + x); follows numpy.log1p. */
export const log1p = (x: NDArray): NDArray => unary('log1p', x);

/** The sine of radians; follows numpy.sin. */
export const sin = (x: NDArray): NDArray => unary('sin', x);

/** The cosine of radians; follows numpy.cos. */
export const cos = (x: NDArray): NDArray => unary('cos', x);

/** The tangent of radians; follows numpy.tan. */
export const tan = (x: NDArray): NDArray => unary('tan', x);

/** The inverse sine, in radians; follows numpy.arcsin. */
export const arcsin = (x: NDArray): NDArray => unary('arcsin', x);

/** The inverse cosine, in radians; follows numpy.arccos. */
export const arccos = (x: NDArray): NDArray => unary('arccos', x);

/** The inverse tangent, in radians; follows numpy.arctan. */
export const arctan = (x: NDArray): NDArray => unary('arctan', x);

/** The hyperbolic sine; follows numpy.sinh. */
export const sinh = (x: NDArray): NDArray => unary('sinh', x);

/** The hyperbolic cosine; follows numpy.cosh. */
export const cosh = (x: NDArray): NDArray => unary('cosh', x);

/** The hyperbolic tangent; follows numpy.tanh. */
export const tanh = (x: NDArray): NDArray => unary('tanh', x);

/** Whether x is zero, as bool; follows numpy.logical_not. */
export const logicalNot = (x: NDArray): NDArray => unary('logicalNot', x);

/** Whether x is not a number, as bool; follows numpy.isnan. */
export const isnan = (x: NDArray): NDArray => unary('isNan', x);

/** Whether x is infinite, as bool; follows numpy.isinf. */
export const isinf = (x: NDArray): NDArray => unary('isInf', x);

/** a + b; follows numpy.add. */
export const add = (a: Operand, b: Operand): NDArray => binary('add', a, b);

/** a − b; follows numpy.subtract. */
export const subtract = (a: Operand, b: Operand): NDArray => binary('subtract', a, b);

/** a·b; follows numpy.multiply. */
export const multiply = (a: Operand, b: Operand): NDArray => binary('multiply', a, b);

/** a/b, floating also for integers; follows numpy.true_divide. */
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

/** x limited to [low, high], both included; follows numpy.clip. */
export function clip(x: NDArray, low: number, high: number): NDArray {
  return minimum(maximum(x, low), high);
}
