/** Routines of `np` that combine elements along axes. */
import type { ArgReduceOp, CumulativeOp, ReduceOp } from '../backends/ops.js';
import { ShapeError } from '../errors.js';
import { type ArrayLike, operand } from './conversion.js';
import { floatingOf } from './dtype.js';
import { astype, binary, unary } from './elementwise.js';
import { allocate, type NDArray } from './ndarray.js';
import { type Axis, checkList, formatShape, normalizeAxes, normalizeAxis, reducedShape } from './shape.js';

/** The dtype of sums and products, which bool and uint8 cannot hold. */
const counted = (x: NDArray): NDArray => (x.dtype === 'bool' || x.dtype === 'uint8' ? astype(x, 'int32') : x);

/** One reduction over axes (all of them by default). Sums and products of bool and uint8 are int32. */
function reduce(op: ReduceOp, given: ArrayLike, axis?: Axis, keepdims = false): NDArray {
  const x = operand(op, 'x', given);
  const axes = normalizeAxes(op, axis, x.ndim);
  const extreme = op === 'max' || op === 'min';
  if (extreme && axes.some((k) => x.shape[k] === 0)) {
    throw new ShapeError(`${op}: no elements along axes ${axes.join(', ')} of ${formatShape(x.shape)}`);
  }
  const input = extreme ? x : counted(x);
  const out = allocate(reducedShape(x.shape, axes, keepdims), input.dtype, x.device);
  x.device.reduce(op, input, axes, out);
  return out;
}

/** The sum over axes; follows numpy.sum. */
export function sum(x: ArrayLike, axis?: Axis, keepdims = false): NDArray {
  return reduce('sum', x, axis, keepdims);
}

/** The product over axes; follows numpy.prod. */
export function prod(x: ArrayLike, axis?: Axis, keepdims = false): NDArray {
  return reduce('prod', x, axis, keepdims);
}

/** The largest element over axes; follows numpy.max. @throws ShapeError over no elements. */
export function max(x: ArrayLike, axis?: Axis, keepdims = false): NDArray {
  return reduce('max', x, axis, keepdims);
}

/** The smallest element over axes; follows numpy.min. @throws ShapeError over no elements. */
export function min(x: ArrayLike, axis?: Axis, keepdims = false): NDArray {
  return reduce('min', x, axis, keepdims);
}

/** The mean over axes, floating; follows numpy.mean. */
export function mean(given: ArrayLike, axis?: Axis, keepdims = false): NDArray {
  const x = operand('mean', 'x', given);
  const count = normalizeAxes('mean', axis, x.ndim).reduce((n, k) => n * x.shape[k], 1);
  return binary('divide', reduce('sum', astype(x, floatingOf(x.dtype)), axis, keepdims), count);
}

/** The variance over axes, Σ(x − mean)² / n; follows numpy.var with ddof 0. */
export function variance(given: ArrayLike, axis?: Axis, keepdims = false): NDArray {
  const x = operand('variance', 'x', given);
  const axes = normalizeAxes('variance', axis, x.ndim);
  const input = astype(x, floatingOf(x.dtype));
  const allocated = () => allocate(reducedShape(x.shape, axes, keepdims), input.dtype, x.device);
  const out = allocated();
  x.device.moments(input, axes, allocated(), out);
  return out;
}

/** The standard deviation over axes; follows numpy.std with ddof 0. */
export function std(x: ArrayLike, axis?: Axis, keepdims = false): NDArray {
  return unary('sqrt', variance(x, axis, keepdims));
}

function argReduce(op: ArgReduceOp, given: ArrayLike, axis: number | null, keepdims: boolean): NDArray {
  const x = operand(op, 'x', given);
  const flat = axis === null;
  const input = flat ? x.reshape(-1) : x;
  const k = flat ? 0 : normalizeAxis(op, axis, x.ndim);
  if (input.shape[k] === 0) throw new ShapeError(`${op}: no elements along axis ${k} of ${formatShape(x.shape)}`);
  const out = allocate(reducedShape(input.shape, [k], keepdims && !flat), 'int32', x.device);
  x.device.argReduce(op, input, k, out);
  return out;
}

/** The int32 position of the first maximum along an axis, or in the flat array; follows numpy.argmax. */
export function argmax(x: ArrayLike, axis: number | null = null, keepdims = false): NDArray {
  return argReduce('argmax', x, axis, keepdims);
}

/** The int32 position of the first minimum along an axis, or in the flat array; follows numpy.argmin. */
export function argmin(x: ArrayLike, axis: number | null = null, keepdims = false): NDArray {
  return argReduce('argmin', x, axis, keepdims);
}

function cumulative(op: CumulativeOp, given: ArrayLike, axis: number | null): NDArray {
  const x = counted(operand(op, 'x', given));
  const input = axis === null ? x.reshape(-1) : x;
  const out = allocate(input.shape, input.dtype, x.device);
  x.device.cumulative(op, input, axis === null ? 0 : normalizeAxis(op, axis, x.ndim), out);
  return out;
}

/** Running sums along an axis, or of the flat array; int32 for bool and uint8. Follows numpy.cumsum. */
export function cumsum(x: ArrayLike, axis: number | null = null): NDArray {
  return cumulative('cumsum', x, axis);
}

/** Running products along an axis, or of the flat array; int32 for bool and uint8. Follows numpy.cumprod. */
export function cumprod(x: ArrayLike, axis: number | null = null): NDArray {
  return cumulative('cumprod', x, axis);
}

/** Whether all elements over axes are non-zero; follows numpy.all. */
export function all(x: ArrayLike, axis?: Axis, keepdims = false): NDArray {
  return reduce('min', astype(operand('all', 'x', x), 'bool'), axis, keepdims);
}

/** Whether any element over axes is non-zero; follows numpy.any. */
export function any(x: ArrayLike, axis?: Axis, keepdims = false): NDArray {
  return reduce('max', astype(operand('any', 'x', x), 'bool'), axis, keepdims);
}

/** Sums `x` down to a shape that broadcasts to its own: the adjoint of broadcasting. Follows chainer.utils.sum_to. */
export function sumTo(given: ArrayLike, shape: readonly number[]): NDArray {
  const x = operand('sumTo', 'x', given);
  checkList('sumTo', 'shape', shape);
  const lead = x.ndim - shape.length;
  const axes = x.shape.map((_, k) => k).filter((k) => k < lead || (shape[k - lead] === 1 && x.shape[k] !== 1));
  return axes.length === 0 ? x.reshape(shape) : reduce('sum', x, axes, true).reshape(shape);
}
