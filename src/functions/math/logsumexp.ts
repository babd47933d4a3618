import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import {
  type Axis,
  add,
  exp as expOfArray,
  log as logOfArray,
  max as maxOfArray,
  type NDArray,
  subtract,
  sum as sumOfArray,
} from '../../ndarray/np.js';
import { normalizeAxes, reducedShape } from '../../ndarray/shape.js';
import { checkFloating, type FunctionOperand, input } from '../arguments/operands.js';
import { reshape } from '../array/reshape.js';
import { exp } from './exp.js';
import { mul } from './multiply.js';
import { sub } from './subtract.js';

class LogSumExp extends FunctionNode {
  constructor(private readonly axis: Axis) {
    super();
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    this.save();
    checkFloating('logsumexp', x);
    this.retainInputs(0);
    this.retainOutputs(0);
    const greatest = maxOfArray(x, this.axis, true);
    const y = logOfArray(sumOfArray(expOfArray(subtract(x, greatest)), this.axis));
    return [add(y, greatest.reshape(y.shape))];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    const [x] = this.getRetainedInputs();
    const [y] = this.getRetainedOutputs();
    const kept = reducedShape(x.shape, normalizeAxes('logsumexp', this.axis, x.ndim), true);
    return [mul(exp(sub(x, reshape(y, kept))), reshape(gy, kept))];
  }
}

/**
 * log Σ eˣ over axes (all by default), without overflow; follows chainer.functions.logsumexp.
 *
 * @throws DTypeError unless x is floating, ShapeError if x has no elements or an axis is out of range.
 */
export function logsumexp(x: FunctionOperand, axis: Axis = null): Variable {
  x = input('logsumexp', 'x', x);
  return new LogSumExp(axis).apply([x])[0];
}
