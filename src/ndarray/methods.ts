/**
 * The routines as methods of NDArray: `x.add(y)`, `x.sum(0)`, `x.at(0, ':')`. Routines take arrays and the class would
 * take routines; that cycle is closed here, in one table, and nowhere else.
 */
import type { BinaryOp, DeviceName, UnaryOp } from '../backends/backend.js';
import * as creation from './creation.js';
import type { DType } from './dtype.js';
import { astype, binary, type Operand, unary } from './elementwise.js';
import { getItem, type Index } from './indexing.js';
import { matmul } from './linalg.js';
import * as manipulation from './manipulation.js';
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
  add: by('add'),
  sub: by('subtract'),
  mul: by('multiply'),
  div: by('divide'),
  pow: by('power'),
  mod: by('mod'),
  floorDivide: by('floorDivide'),
  maximum: by('maximum'),
  minimum: by('minimum'),
  equal: by('equal'),
  notEqual: by('notEqual'),
  less: by('less'),
  lessEqual: by('lessEqual'),
  greater: by('greater'),
  greaterEqual: by('greaterEqual'),
  logicalAnd: by('logicalAnd'),
  logicalOr: by('logicalOr'),
  neg: of('negative'),
  abs: of('absolute'),
  sqrt: of('sqrt'),
  square: of('square'),
  exp: of('exp'),
  log: of('log'),
  tanh: of('tanh'),
  logicalNot: of('logicalNot'),
  /** The matrix product; see np.matmul. */
  matmul(this: NDArray, y: NDArray): NDArray {
    return matmul(this, y);
  },
  /** The elements at NumPy's indices, copied: `x.at(0)`, `x.at(':', slice(1, 3))`, `x.at('...', null)`, `x.at(mask)`. */
  at(this: NDArray, ...indices: Index[]): NDArray {
    return getItem(this, indices);
  },
  astype(this: NDArray, dtype: DType): NDArray {
    return astype(this, dtype);
  },
  copy(this: NDArray): NDArray {
    return manipulation.copy(this);
  },
  toDevice(this: NDArray, device: DeviceName): NDArray {
    return creation.toDevice(this, device);
  },
  transpose(this: NDArray, axes?: readonly number[] | null): NDArray {
    return manipulation.transpose(this, axes);
  },
  squeeze(this: NDArray, axis?: Axis): NDArray {
    return manipulation.squeeze(this, axis);
  },
  broadcastTo(this: NDArray, shape: Shape): NDArray {
    return manipulation.broadcastTo(this, shape);
  },
  sum(this: NDArray, axis?: Axis, keepdims?: boolean): NDArray {
    return reductions.sum(this, axis, keepdims);
  },
  prod(this: NDArray, axis?: Axis, keepdims?: boolean): NDArray {
    return reductions.prod(this, axis, keepdims);
  },
  mean(this: NDArray, axis?: Axis, keepdims?: boolean): NDArray {
    return reductions.mean(this, axis, keepdims);
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
} as const;

declare module './ndarray.js' {
  interface NDArray extends ArrayMethods {}
}

/** The routines that are methods of NDArray; each is the routine of `np` of that name. */
export type ArrayMethods = {
  [K in keyof typeof METHODS]: OmitThisParameter<(typeof METHODS)[K]>;
};

Object.assign(NDArray.prototype, METHODS);
