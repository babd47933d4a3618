/**
 * The routines as methods of NDArray: `x.add(y)`, `x.sum(0)`, `x.at(0, ':')`. Routines take arrays and the class would
 * take routines; that cycle is closed here, in one table, and nowhere else.
 */
import type { BinaryOp, DeviceName, UnaryOp } from '../backends/backend.js';
import * as creation from './creation.js';
import type { DType } from './dtype.js';
import { astype, binary, copyto, type Operand, unary } from './elementwise.js';
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

  add: by('add'),
  sub: by('subtract'),
  mul: by('multiply'),
  div: by('divide'),
  floordiv: by('floorDivide'),
  mod: by('mod'),
  pow: by('power'),
  neg: of('negative'),
  abs: of('absolute'),
  /** The matrix product; see np.matmul. */
  matmul(this: NDArray, y: NDArray): NDArray {
    return matmul(this, y);
  },
  /** The elements at NumPy's indices, copied: `x.at(0)`, `x.at(':', slice(1, 3))`, `x.at('...', null)`, `x.at(mask)`. */
  at(this: NDArray, ...indices: Index[]): NDArray {
    return getItem(this, indices);
  },
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

  // Elementwise ------------------------------------------------------------------------------------------------------

  maximum: by('maximum'),
  minimum: by('minimum'),
  sign: of('sign'),
  square: of('square'),
  sqrt: of('sqrt'),
  exp: of('exp'),
  log: of('log'),
  tanh: of('tanh'),
  /** Limited to [low, high], both included; see np.clip. */
  clip(this: NDArray, low: number, high: number): NDArray {
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
  /** Sets every element to a number, in place. */
  fill(this: NDArray, value: number): void {
    copyto(this, value);
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
  transpose(this: NDArray, axes?: readonly number[] | null): NDArray {
    return manipulation.transpose(this, axes);
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
  take(this: NDArray, indices: NDArray, axis: number): NDArray {
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

declare module './ndarray.js' {
  interface NDArray extends ArrayMethods {
    /** The axes reversed; see np.transpose. */
    readonly T: NDArray;
  }
}

/** The routines that are methods of NDArray; each is the routine of `np` of that name. */
export type ArrayMethods = {
  [K in keyof typeof METHODS]: OmitThisParameter<(typeof METHODS)[K]>;
};

Object.assign(NDArray.prototype, METHODS);
Object.defineProperty(NDArray.prototype, 'T', {
  get(this: NDArray): NDArray {
    return manipulation.transpose(this);
  },
});
