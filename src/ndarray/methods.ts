/**
 * The routines as methods of NDArray: `x.add(y)`, `x.sum(0)`, `x.at(0, ':')`. Routines take arrays and the class would
 * take routines; that cycle is closed here, in one table, and nowhere else.
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
import type { Axis, Shape } from './shape.js';

type BinaryMethod = (this: NDArray, y: Operand) => NDArray;
type UnaryMethod = (this: NDArray) => NDArray;

const by = (op: BinaryOp): BinaryMethod =>
  function (y) {
    return binary(op, this, y);
  };
const of = (op: UnaryOp): UnaryMethod =>
  function () {
    return unary(op, this);
  };

const METHODS = {
  // The operators of Python, by the names of its operator module --------------------------------------------------

  /** x + y, broadcast; see np.add. */
  add: by('add'),
  /** x − y, broadcast; see np.subtract. */
  sub: by('subtract'),
  /** x · y, element by element, broadcast; see np.multiply. */
  mul: by('multiply'),
  /** x / y; integers give float32, broadcast; see np.divide. */
  div: by('divide'),
  /** ⌊x / y⌋, broadcast; see np.floorDivide. */
  floordiv: by('floorDivide'),
  /** x − ⌊x / y⌋ · y, with the sign of y, broadcast; see np.mod. */
  mod: by('mod'),
  /** xʸ, broadcast; see np.power. */
  pow: by('power'),
  /** −x; see np.negative. */
  neg: of('negative'),
  /** |x|; see np.absolute. */
  abs: of('absolute'),
  /** The matrix product; see np.matmul. */
  matmul(this: NDArray, y: Operand): NDArray {
    return matmul(this, y);
  },
  /** The elements at NumPy's indices, copied: `x.at(0)`, `x.at(':', slice(1, 3))`, `x.at('...', null)`, `x.at(mask)`. */
  at(this: NDArray, ...indices: Index[]): NDArray {
    return getItem(this, indices);
  },
  /** x = y, as bool, broadcast; see np.equal. */
  equal: by('equal'),
  /** x ≠ y, as bool, broadcast; see np.notEqual. */
  notEqual: by('notEqual'),
  /** x < y, as bool, broadcast; see np.less. */
  less: by('less'),
  /** x ≤ y, as bool, broadcast; see np.lessEqual. */
  lessEqual: by('lessEqual'),
  /** x > y, as bool, broadcast; see np.greater. */
  greater: by('greater'),
  /** x ≥ y, as bool, broadcast; see np.greaterEqual. */
  greaterEqual: by('greaterEqual'),
  /** Whether both are not 0, as bool, broadcast; see np.logicalAnd. */
  logicalAnd: by('logicalAnd'),
  /** Whether one is not 0, as bool, broadcast; see np.logicalOr. */
  logicalOr: by('logicalOr'),
  /** Whether exactly one is not 0, as bool, broadcast; see np.logicalXor. */
  logicalXor: by('logicalXor'),
  /** Whether it is 0, as bool; see np.logicalNot. */
  logicalNot: of('logicalNot'),

  // Elementwise ------------------------------------------------------------------------------------------------------

  /** The larger of two; NaN if one is, broadcast; see np.maximum. */
  maximum: by('maximum'),
  /** The smaller of two; NaN if one is, broadcast; see np.minimum. */
  minimum: by('minimum'),
  /** −1, 0 or 1; see np.sign. */
  sign: of('sign'),
  /** x²; see np.square. */
  square: of('square'),
  /** √x; see np.sqrt. */
  sqrt: of('sqrt'),
  /** eˣ; see np.exp. */
  exp: of('exp'),
  /** The natural logarithm; see np.log. */
  log: of('log'),
  /** The hyperbolic tangent; see np.tanh. */
  tanh: of('tanh'),
  /** Limited to [low, high], both included; see np.clip. */
  clip(this: NDArray, low: Operand | null, high: Operand | null): NDArray {
    return clip(this, low, high);
  },

  // Copies -----------------------------------------------------------------------------------------------------------

  astype(this: NDArray, dtype: DType): NDArray {
    return astype(this, dtype);
  },
  copy(this: NDArray): NDArray {
    return manipulation.copy(this);
  },
  toDevice(this: NDArray, device: DeviceName): NDArray {
    return creation.toDevice(this, device);
  },
  /** Sets every element to a number, in place. @throws ValueError if the dtype cannot hold it. */
  fill(this: NDArray, value: number): void {
    assign('fill', 'value', this, value);
  },

  // Shapes -----------------------------------------------------------------------------------------------------------

  /** The same elements in one dimension, copied. */
  flatten(this: NDArray): NDArray {
    return manipulation.copy(this).reshape(-1);
  },
  /** The same elements in one dimension, sharing the storage. */
  ravel(this: NDArray): NDArray {
    return this.reshape(-1);
  },
  /** The axes permuted, reversed by default: `x.transpose(1, 0)` or `x.transpose([1, 0])`; see np.transpose. */
  transpose(this: NDArray, ...axes: number[] | [axes?: readonly number[] | null]): NDArray {
    return manipulation.transpose(this, listOf(axes));
  },
  swapaxes(this: NDArray, axis1: number, axis2: number): NDArray {
    return manipulation.swapaxes(this, axis1, axis2);
  },
  squeeze(this: NDArray, axis?: Axis): NDArray {
    return manipulation.squeeze(this, axis);
  },
  broadcastTo(this: NDArray, shape: Shape): NDArray {
    return manipulation.broadcastTo(this, shape);
  },
  take(this: NDArray, indices: Operand, axis: number): NDArray {
    return manipulation.take(this, indices, axis);
  },

  // Reductions -------------------------------------------------------------------------------------------------------

  sum(this: NDArray, axis?: Axis, keepdims?: boolean): NDArray {
    return reductions.sum(this, axis, keepdims);
  },
  prod(this: NDArray, axis?: Axis, keepdims?: boolean): NDArray {
    return reductions.prod(this, axis, keepdims);
  },
  mean(this: NDArray, axis?: Axis, keepdims?: boolean): NDArray {
    return reductions.mean(this, axis, keepdims);
  },
  var(this: NDArray, axis?: Axis, keepdims?: boolean): NDArray {
    return reductions.variance(this, axis, keepdims);
  },
  std(this: NDArray, axis?: Axis, keepdims?: boolean): NDArray {
    return reductions.std(this, axis, keepdims);
  },
  max(this: NDArray, axis?: Axis, keepdims?: boolean): NDArray {
    return reductions.max(this, axis, keepdims);
  },
  min(this: NDArray, axis?: Axis, keepdims?: boolean): NDArray {
    return reductions.min(this, axis, keepdims);
  },
  argmax(this: NDArray, axis?: number | null): NDArray {
    return reductions.argmax(this, axis);
  },
  argmin(this: NDArray, axis?: number | null): NDArray {
    return reductions.argmin(this, axis);
  },
  all(this: NDArray, axis?: Axis, keepdims?: boolean): NDArray {
    return reductions.all(this, axis, keepdims);
  },
  any(this: NDArray, axis?: Axis, keepdims?: boolean): NDArray {
    return reductions.any(this, axis, keepdims);
  },
  cumsum(this: NDArray, axis?: number | null): NDArray {
    return reductions.cumsum(this, axis);
  },
  cumprod(this: NDArray, axis?: number | null): NDArray {
    return reductions.cumprod(this, axis);
  },
} as const;

/** Axes or lengths, given one by one or as one list. */
function listOf(axes: number[] | [axes?: readonly number[] | null]): readonly number[] | null | undefined {
  return typeof axes[0] === 'number' ? (axes as number[]) : (axes[0] as readonly number[] | null | undefined);
}

declare module './ndarray.js' {
  interface NDArray extends ArrayMethods {
    /** The axes reversed; see np.transpose. */
    readonly T: NDArray;
  }
}

/** The routines that are methods of NDArray; each is the routine of `np` of that name. */
type ArrayMethods = {
  [K in keyof typeof METHODS]: OmitThisParameter<(typeof METHODS)[K]>;
};

Object.assign(NDArray.prototype, METHODS);
Object.defineProperty(NDArray.prototype, 'T', {
  get(this: NDArray): NDArray {
    return manipulation.transpose(this);
  },
});
