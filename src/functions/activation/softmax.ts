import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import { type NDArray, softmax as softmaxArray } from '../../ndarray/np.js';
import { checkFloating, checkNdim, type FunctionOperand, input } from '../arguments/operands.js';
import { mul } from '../math/multiply.js';
import { sub } from '../math/subtract.js';
import { sum } from '../math/sum.js';

class Softmax extends FunctionNode {
  constructor(private readonly axis: number) {
    super();
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    checkFloating('softmax', x);
    if (x.ndim < 2 && this.axis === 1) checkNdim('softmax', 'x', x, 'N, C');
    this.retainOutputs(0);
    return [softmaxArray(x, this.axis)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    const [y] = this.getRetainedOutputs();
    const gx = mul(y, gy);
    return [sub(gx, mul(y, sum(gx, this.axis, true)))];
  }
}

/**
 * exp(x) / Σ exp(x) along `axis` (1 by default), without overflow; follows chainer.functions.softmax.
 *
 * @example
 * F.softmax(np.array([[0, 0], [3, 3]])).tolist(); // [[0.5, 0.5], [0.5, 0.5]]
 *
 * @throws DTypeError unless x is floating, ShapeError if the axis is out of range.
 */
export function softmax(x: FunctionOperand, axis = 1): Variable {
  x = input('softmax', 'x', x);
  return new Softmax(axis).apply([x])[0];
}
