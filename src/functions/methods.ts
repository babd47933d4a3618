/**
 * The operators and common functions as methods of Variable. Functions take variables and the class would take functions;
 * that cycle is closed here, in one table, and nowhere else.
 */
import { Variable } from '../core/variable.js';
import type { Axis, DType, Index } from '../ndarray/np.js';
import type { Shape } from '../ndarray/shape.js';
import type { FunctionOperand } from './arguments/operands.js';
import { broadcastTo } from './array/broadcast-to.js';
import { cast } from './array/cast.js';
import { flatten } from './array/flatten.js';
import { getItem } from './array/get-item.js';
import { reshape } from './array/reshape.js';
import { squeeze } from './array/squeeze.js';
import { swapaxes } from './array/swapaxes.js';
import { transpose } from './array/transpose.js';
import { absolute } from './math/absolute.js';
import { add } from './math/add.js';
import { mean } from './math/average.js';
import { div } from './math/divide.js';
import { floordiv } from './math/floor-divide.js';
import { matmul } from './math/matmul.js';
import { argmax, argmin, max, min } from './math/minmax.js';
import { mul } from './math/multiply.js';
import { neg } from './math/negative.js';
import { pow } from './math/power.js';
import { prod } from './math/prod.js';
import { sub } from './math/subtract.js';
import { sum } from './math/sum.js';

const METHODS = {
  // The operators of Python, by the names of its operator module --------------------------------------------------

  /** this + y; see F.add. */
  add(this: Variable, y: FunctionOperand): Variable {
    return add(this, y);
  },
  /** this − y; see F.sub. */
  sub(this: Variable, y: FunctionOperand): Variable {
    return sub(this, y);
  },
  /** this·y; see F.mul. */
  mul(this: Variable, y: FunctionOperand): Variable {
    return mul(this, y);
  },
  /** this / y; see F.div. */
  div(this: Variable, y: FunctionOperand): Variable {
    return div(this, y);
  },
  /** ⌊this / y⌋; see F.floordiv. */
  floordiv(this: Variable, y: FunctionOperand): Variable {
    return floordiv(this, y);
  },
  /** this to the power y; see F.pow. */
  pow(this: Variable, y: FunctionOperand): Variable {
    return pow(this, y);
  },
  /** −this. */
  neg(this: Variable): Variable {
    return neg(this);
  },
  /** |this|; see F.absolute. */
  abs(this: Variable): Variable {
    return absolute(this);
  },
  /** The matrix product; see F.matmul. */
  matmul(this: Variable, y: FunctionOperand): Variable {
    return matmul(this, y);
  },
  /** The elements at NumPy's indices; see F.getItem. */
  at(this: Variable, ...indices: Index[]): Variable {
    return getItem(this, indices);
  },

  // Reductions -------------------------------------------------------------------------------------------------------

  sum(this: Variable, axis?: Axis, keepdims?: boolean): Variable {
    return sum(this, axis, keepdims);
  },
  /** The mean over axes; F.average also takes weights. */
  mean(this: Variable, axis?: Axis, keepdims?: boolean): Variable {
    return mean(this, axis, keepdims);
  },
  prod(this: Variable, axis?: Axis, keepdims?: boolean): Variable {
    return prod(this, axis, keepdims);
  },
  max(this: Variable, axis?: Axis, keepdims?: boolean): Variable {
    return max(this, axis, keepdims);
  },
  min(this: Variable, axis?: Axis, keepdims?: boolean): Variable {
    return min(this, axis, keepdims);
  },
  argmax(this: Variable, axis?: number | null): Variable {
    return argmax(this, axis);
  },
  argmin(this: Variable, axis?: number | null): Variable {
    return argmin(this, axis);
  },

  // Shapes -----------------------------------------------------------------------------------------------------------

  /** The same elements in another shape: `x.reshape(2, -1)` or `x.reshape([2, -1])`; see F.reshape. */
  reshape(this: Variable, ...shape: number[] | [Shape]): Variable {
    return reshape(this, (typeof shape[0] === 'object' && shape[0] !== null ? shape[0] : shape) as Shape);
  },
  /** The same elements in one dimension. */
  flatten(this: Variable): Variable {
    return flatten(this);
  },
  /** The axes permuted, reversed by default: `x.transpose(1, 0)` or `x.transpose([1, 0])`; see F.transpose. */
  transpose(this: Variable, ...axes: number[] | [axes?: readonly number[] | null]): Variable {
    return transpose(this, typeof axes[0] === 'number' ? (axes as number[]) : (axes[0] as readonly number[] | null));
  },
  /** Two axes exchanged; see F.swapaxes. */
  swapaxes(this: Variable, axis1: number, axis2: number): Variable {
    return swapaxes(this, axis1, axis2);
  },
  /** Without the axes of length 1; see F.squeeze. */
  squeeze(this: Variable, axis?: Axis): Variable {
    return squeeze(this, axis);
  },
  /** Repeated along axes until it has a shape; see F.broadcastTo. */
  broadcastTo(this: Variable, shape: Shape): Variable {
    return broadcastTo(this, shape);
  },
  /** The same values in another dtype; see F.cast. */
  astype(this: Variable, dtype: DType): Variable {
    return cast(this, dtype);
  },
} as const;

/** The functions that are methods of Variable; each is the function of `F` of that name. */
type VariableMethods = {
  [K in keyof typeof METHODS]: OmitThisParameter<(typeof METHODS)[K]>;
};

declare module '../core/variable.js' {
  interface Variable extends VariableMethods {
    /** The axes reversed; see F.transpose. */
    readonly T: Variable;
  }
}

Object.assign(Variable.prototype, METHODS);
Object.defineProperty(Variable.prototype, 'T', {
  get(this: Variable): Variable {
    return transpose(this);
  },
});
