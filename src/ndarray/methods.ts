/**
 * The table of routines of np that are methods of NDArray: `x.add(y)`, `x.sum(0)`, `x.at(0, ':')`. Routines import NDArray, so the
 * class cannot import them. This file adds them to it.
 */

import type { DeviceName } from '../backends/backend.js';
import type { BinaryOp, UnaryOp } from '../backends/ops.js';
import * as creation from './creation.js';
import type { DType } from './dtype.js';
import { assign, astype, binary, type Operand, unary } from './elementwise.js';
import { getItem, type Index } from './indexing.js';
import { matmul } from './linalg.js';
import * as manipulation from './manipulation.js';
import { clip } from './math.js';
import { NDArray } from './ndarray.js';
import * as reductions from './reductions.js';
import { type Axis, areNumbers, type Shape } from './shape.js';

/** The methods of NDArray. Each is the routine of `np` with the same name, or the one that its comment names. */
interface ArrayMethods {
  // The operators of Python, by the names of its operator module --------------------------------------------------

  /** x + y, broadcast; see np.add. */
  add(y: Operand): NDArray;
  /** x − y, broadcast; see np.subtract. */
  sub(y: Operand): NDArray;
  /** x · y, element by element, broadcast; see np.multiply. */
  mul(y: Operand): NDArray;
  /** x / y; integers give float32, broadcast; see np.divide. */
  div(y: Operand): NDArray;
  /** ⌊x / y⌋, broadcast; see np.floorDivide. */
  floordiv(y: Operand): NDArray;
  /** x − ⌊x / y⌋ · y, with the sign of y, broadcast; see np.mod. */
  mod(y: Operand): NDArray;
  /** xʸ, broadcast; see np.power. */
  pow(y: Operand): NDArray;
  /** −x; see np.negative. */
  neg(): NDArray;
  /** |x|; see np.absolute. */
  abs(): NDArray;
  /** The matrix product; see np.matmul. */
  matmul(y: Operand): NDArray;
  /** The elements at NumPy's indices, copied: `x.at(0)`, `x.at(':', slice(1, 3))`, `x.at('...', null)`, `x.at(mask)`. */
  at(...indices: Index[]): NDArray;
  /** x = y, as bool, broadcast; see np.equal. */
  equal(y: Operand): NDArray;
  /** x ≠ y, as bool, broadcast; see np.notEqual. */
  notEqual(y: Operand): NDArray;
  /** x < y, as bool, broadcast; see np.less. */
  less(y: Operand): NDArray;
  /** x ≤ y, as bool, broadcast; see np.lessEqual. */
  lessEqual(y: Operand): NDArray;
  /** x > y, as bool, broadcast; see np.greater. */
  greater(y: Operand): NDArray;
  /** x ≥ y, as bool, broadcast; see np.greaterEqual. */
  greaterEqual(y: Operand): NDArray;
  /** Whether both are not 0, as bool, broadcast; see np.logicalAnd. */
  logicalAnd(y: Operand): NDArray;
  /** Whether one is not 0, as bool, broadcast; see np.logicalOr. */
  logicalOr(y: Operand): NDArray;
  /** Whether exactly one is not 0, as bool, broadcast; see np.logicalXor. */
  logicalXor(y: Operand): NDArray;
  /** Whether it is 0, as bool; see np.logicalNot. */
  logicalNot(): NDArray;

  // Elementwise ------------------------------------------------------------------------------------------------------

  /** The larger of two; NaN if one is, broadcast; see np.maximum. */
  maximum(y: Operand): NDArray;
  /** The smaller of two; NaN if one is, broadcast; see np.minimum. */
  minimum(y: Operand): NDArray;
  /** −1, 0 or 1; see np.sign. */
  sign(): NDArray;
  /** x²; see np.square. */
  square(): NDArray;
  /** √x; see np.sqrt. */
  sqrt(): NDArray;
  /** eˣ; see np.exp. */
  exp(): NDArray;
  /** The natural logarithm; see np.log. */
  log(): NDArray;
  /** The hyperbolic tangent; see np.tanh. */
  tanh(): NDArray;
  /** Limited to [low, high], both included; see np.clip. */
  clip(low: Operand | null, high: Operand | null): NDArray;

  // Copies -----------------------------------------------------------------------------------------------------------

  /** The same values in another dtype; see np.astype. */
  astype(dtype: DType): NDArray;
  /** The same elements in a new storage. */
  copy(): NDArray;
  /** The same elements on another device; the array itself if it is there. */
  toDevice(device: DeviceName): NDArray;
  /** Sets every element to a number, in place. @throws ValueError if the dtype cannot hold it. */
  fill(value: number): void;

  // Shapes -----------------------------------------------------------------------------------------------------------

  /** The same elements in one dimension, copied. */
  flatten(): NDArray;
  /** The same elements in one dimension, sharing the storage. */
  ravel(): NDArray;
  /** The axes permuted, reversed by default: `x.transpose(1, 0)` or `x.transpose([1, 0])`; see np.transpose. */
  transpose(...axes: number[] | [axes?: readonly number[] | null]): NDArray;
  /** Two axes exchanged; see np.swapaxes. */
  swapaxes(axis1: number, axis2: number): NDArray;
  /** Without the axes of length 1; see np.squeeze. */
  squeeze(axis?: Axis): NDArray;
  /** Repeated along axes until it has a shape; see np.broadcastTo. */
  broadcastTo(shape: Shape): NDArray;
  /** The elements at positions of an axis; see np.take. */
  take(indices: Operand, axis: number): NDArray;

  // Reductions -------------------------------------------------------------------------------------------------------

  /** The sum over axes; see np.sum. */
  sum(axis?: Axis, keepdims?: boolean): NDArray;
  /** The product over axes; see np.prod. */
  prod(axis?: Axis, keepdims?: boolean): NDArray;
  /** The mean over axes; see np.mean. */
  mean(axis?: Axis, keepdims?: boolean): NDArray;
  /** The variance over axes; see np.variance. */
  var(axis?: Axis, keepdims?: boolean): NDArray;
  /** The standard deviation over axes; see np.std. */
  std(axis?: Axis, keepdims?: boolean): NDArray;
  /** The largest element over axes; see np.max. */
  max(axis?: Axis, keepdims?: boolean): NDArray;
  /** The smallest element over axes; see np.min. */
  min(axis?: Axis, keepdims?: boolean): NDArray;
  /** The position of the largest element; see np.argmax. */
  argmax(axis?: number | null): NDArray;
  /** The position of the smallest element; see np.argmin. */
  argmin(axis?: number | null): NDArray;
  /** Whether all elements are not 0; see np.all. */
  all(axis?: Axis, keepdims?: boolean): NDArray;
  /** Whether an element is not 0; see np.any. */
  any(axis?: Axis, keepdims?: boolean): NDArray;
  /** Sums of the elements so far; see np.cumsum. */
  cumsum(axis?: number | null): NDArray;
  /** Products of the elements so far; see np.cumprod. */
  cumprod(axis?: number | null): NDArray;
  /** The axes reversed; see np.transpose. */
  readonly T: NDArray;
}

declare module './ndarray.js' {
  interface NDArray extends ArrayMethods {}
}

/** A routine as a method: `this` is its first argument. */
const method = <Rest extends readonly unknown[], Result>(routine: (x: NDArray, ...rest: Rest) => Result) =>
  function (this: NDArray, ...rest: Rest): Result {
    return routine(this, ...rest);
  };

const by = (op: BinaryOp) =>
  function (this: NDArray, y: Operand): NDArray {
    return binary(op, this, y);
  };

const of = (op: UnaryOp) =>
  function (this: NDArray): NDArray {
    return unary(op, this);
  };

const METHODS: Omit<ArrayMethods, 'T'> = {
  add: by('add'),
  sub: by('subtract'),
  mul: by('multiply'),
  div: by('divide'),
  floordiv: by('floorDivide'),
  mod: by('mod'),
  pow: by('power'),
  neg: of('negative'),
  abs: of('absolute'),
  matmul: method((x, y: Operand) => matmul(x, y)),
  at: method((x, ...indices: Index[]) => getItem(x, indices)),
  equal: by('equal'),
  notEqual: by('notEqual'),
  less: by('less'),
  lessEqual: by('lessEqual'),
  greater: by('greater'),
  greaterEqual: by('greaterEqual'),
  logicalAnd: by('logicalAnd'),
  logicalOr: by('logicalOr'),
  logicalXor: by('logicalXor'),
  logicalNot: of('logicalNot'),
  maximum: by('maximum'),
  minimum: by('minimum'),
  sign: of('sign'),
  square: of('square'),
  sqrt: of('sqrt'),
  exp: of('exp'),
  log: of('log'),
  tanh: of('tanh'),
  clip: method(clip),
  astype: method(astype),
  copy: method(manipulation.copy),
  toDevice: method(creation.toDevice),
  fill: method((x, value: number) => assign('fill', 'value', x, value)),
  flatten: method((x) => manipulation.copy(x).reshape(-1)),
  ravel: method((x) => x.reshape(-1)),
  transpose: method((x, ...axes: number[] | [axes?: readonly number[] | null]) =>
    manipulation.transpose(x, areNumbers(axes) ? axes : axes[0]),
  ),
  swapaxes: method(manipulation.swapaxes),
  squeeze: method(manipulation.squeeze),
  broadcastTo: method(manipulation.broadcastTo),
  take: method(manipulation.take),
  sum: method(reductions.sum),
  prod: method(reductions.prod),
  mean: method(reductions.mean),
  var: method(reductions.variance),
  std: method(reductions.std),
  max: method(reductions.max),
  min: method(reductions.min),
  argmax: method(reductions.argmax),
  argmin: method(reductions.argmin),
  all: method(reductions.all),
  any: method(reductions.any),
  cumsum: method(reductions.cumsum),
  cumprod: method(reductions.cumprod),
};

Object.assign(NDArray.prototype, METHODS);
Object.defineProperty(NDArray.prototype, 'T', {
  get(this: NDArray): NDArray {
    return manipulation.transpose(this);
  },
});
