/**
 * The operators and common functions as methods of Variable. Functions take variables and the class would take functions;
 * that cycle is closed here, in one table, and nowhere else.
 */
import { Variable, type VariableLike } from '../core/variable.js';
import type { Axis, Index } from '../ndarray/np.js';
import type { Shape } from '../ndarray/shape.js';
import { getItem } from './array/get-item.js';
import { reshape } from './array/reshape.js';
import { transpose } from './array/transpose.js';
import { add } from './math/add.js';
import { mean } from './math/average.js';
import { div } from './math/divide.js';
import { matmul } from './math/matmul.js';
import { mul } from './math/multiply.js';
import { neg } from './math/negative.js';
import { pow } from './math/power.js';
import { sub } from './math/subtract.js';
import { sum } from './math/sum.js';
import type { FunctionOperand } from './operands.js';

const METHODS = {
  add(this: Variable, y: FunctionOperand): Variable {
    return add(this, y);
  },
  sub(this: Variable, y: FunctionOperand): Variable {
    return sub(this, y);
  },
  mul(this: Variable, y: FunctionOperand): Variable {
    return mul(this, y);
  },
  div(this: Variable, y: FunctionOperand): Variable {
    return div(this, y);
  },
  pow(this: Variable, y: FunctionOperand): Variable {
    return pow(this, y);
  },
  neg(this: Variable): Variable {
    return neg(this);
  },
  matmul(this: Variable, y: VariableLike): Variable {
    return matmul(this, y);
  },
  /** The elements at NumPy's indices; see F.getItem. */
  at(this: Variable, ...indices: Index[]): Variable {
    return getItem(this, indices);
  },
  sum(this: Variable, axis?: Axis, keepdims?: boolean): Variable {
    return sum(this, axis, keepdims);
  },
  mean(this: Variable, axis?: Axis, keepdims?: boolean): Variable {
    return mean(this, axis, keepdims);
  },
  reshape(this: Variable, ...shape: number[] | [Shape]): Variable {
    return reshape(this, (typeof shape[0] === 'object' ? shape[0] : shape) as Shape);
  },
  transpose(this: Variable, axes?: readonly number[] | null): Variable {
    return transpose(this, axes);
  },
} as const;

/** The functions that are methods of Variable; each is the function of `F` of that name. */
export type VariableMethods = {
  [K in keyof typeof METHODS]: OmitThisParameter<(typeof METHODS)[K]>;
};

declare module '../core/variable.js' {
  interface Variable extends VariableMethods {}
}

Object.assign(Variable.prototype, METHODS);
