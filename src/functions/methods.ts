/**
 * The methods of Variable that are functions of F, in one table. Functions import Variable, so the class cannot import them:
 * this file adds them to it.
 */
import { Variable } from '../core/variable.js';
import type { Axis, DType, Index } from '../ndarray/np.js';
import { areNumbers, type Shape } from '../ndarray/shape.js';
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

/** The functions of `F` that are methods of Variable, under the same name. */
interface VariableMethods {
  // The operators of Python, by the names of its operator module --------------------------------------------------

  /** this + y; see F.add. */
  add(y: FunctionOperand): Variable;
  /** this − y; see F.sub. */
  sub(y: FunctionOperand): Variable;
  /** this·y; see F.mul. */
  mul(y: FunctionOperand): Variable;
  /** this / y; see F.div. */
  div(y: FunctionOperand): Variable;
  /** ⌊this / y⌋; see F.floordiv. */
  floordiv(y: FunctionOperand): Variable;
  /** this to the power y; see F.pow. */
  pow(y: FunctionOperand): Variable;
  /** −this; see F.neg. */
  neg(): Variable;
  /** |this|; see F.absolute. */
  abs(): Variable;
  /** The matrix product; see F.matmul. */
  matmul(y: FunctionOperand): Variable;
  /** The elements at NumPy's indices; see F.getItem. */
  at(...indices: Index[]): Variable;

  // Reductions -------------------------------------------------------------------------------------------------------

  /** The sum over axes; see F.sum. */
  sum(axis?: Axis, keepdims?: boolean): Variable;
  /** The mean over axes; F.average also takes weights. */
  mean(axis?: Axis, keepdims?: boolean): Variable;
  /** The product over axes; see F.prod. */
  prod(axis?: Axis, keepdims?: boolean): Variable;
  /** The largest element over axes; see F.max. */
  max(axis?: Axis, keepdims?: boolean): Variable;
  /** The smallest element over axes; see F.min. */
  min(axis?: Axis, keepdims?: boolean): Variable;
  /** The position of the largest element; see F.argmax. */
  argmax(axis?: number | null): Variable;
  /** The position of the smallest element; see F.argmin. */
  argmin(axis?: number | null): Variable;

  // Shapes -----------------------------------------------------------------------------------------------------------

  /** The same elements in another shape: `x.reshape(2, -1)` or `x.reshape([2, -1])`; see F.reshape. */
  reshape(...shape: number[] | [Shape]): Variable;
  /** The same elements in one dimension; see F.flatten. */
  flatten(): Variable;
  /** The axes permuted, reversed by default: `x.transpose(1, 0)` or `x.transpose([1, 0])`; see F.transpose. */
  transpose(...axes: number[] | [axes?: readonly number[] | null]): Variable;
  /** Two axes exchanged; see F.swapaxes. */
  swapaxes(axis1: number, axis2: number): Variable;
  /** Without the axes of length 1; see F.squeeze. */
  squeeze(axis?: Axis): Variable;
  /** Repeated along axes until it has a shape; see F.broadcastTo. */
  broadcastTo(shape: Shape): Variable;
  /** The same values in another dtype; see F.cast. */
  astype(dtype: DType): Variable;
  /** The axes reversed; see F.transpose. */
  readonly T: Variable;
}

declare module '../core/variable.js' {
  interface Variable extends VariableMethods {}
}

/** A function as a method: `this` is its first argument. */
const method = <Rest extends readonly unknown[]>(fn: (x: Variable, ...rest: Rest) => Variable) =>
  function (this: Variable, ...rest: Rest): Variable {
    return fn(this, ...rest);
  };

const METHODS: Omit<VariableMethods, 'T'> = {
  add: method(add),
  sub: method(sub),
  mul: method(mul),
  div: method(div),
  floordiv: method(floordiv),
  pow: method(pow),
  neg: method(neg),
  abs: method(absolute),
  matmul: method(matmul),
  at: method((x, ...indices: Index[]) => getItem(x, indices)),
  sum: method(sum),
  mean: method(mean),
  prod: method(prod),
  max: method(max),
  min: method(min),
  argmax: method(argmax),
  argmin: method(argmin),
  reshape: method((x, ...shape: number[] | [Shape]) =>
    reshape(x, shape.length === 0 || areNumbers(shape) ? shape : shape[0]),
  ),
  flatten: method(flatten),
  transpose: method((x, ...axes: number[] | [axes?: Shape | null]) => transpose(x, areNumbers(axes) ? axes : axes[0])),
  swapaxes: method(swapaxes),
  squeeze: method(squeeze),
  broadcastTo: method(broadcastTo),
  astype: method(cast),
};

Object.assign(Variable.prototype, METHODS);
Object.defineProperty(Variable.prototype, 'T', {
  get(this: Variable): Variable {
    return transpose(this);
  },
});
