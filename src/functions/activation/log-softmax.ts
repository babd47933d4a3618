import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import { type NDArray, softmax as softmaxArray } from '../../ndarray/np.js';
import { checkFloating, checkNdim, type FunctionOperand, input } from '../arguments/operands.js';
import { exp } from '../math/exp.js';
import { mul } from '../math/multiply.js';
import { sub } from '../math/subtract.js';
import { sum } from '../math/sum.js';

class LogSoftmax extends FunctionNode {
  constructor(private readonly axis: number) {
    super();
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    checkFloating('logSoftmax', x);
    if (x.ndim < 2 && this.axis === 1) checkNdim('logSoftmax', 'x', x, 'N, C');
    this.retainOutputs(0);
    return [softmaxArray(x, this.axis, true)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    const [y] = this.getRetainedOutputs();
    return [sub(gy, mul(exp(y), sum(gy, this.axis, true)))];
  }
}

/**
 * log(softmax(x)) along `axis` (1 by default), without overflow or cancellation; follows chainer.functions.log_softmax.
 *
 * @throws DTypeError unless x is floating, ShapeError if the axis is out of range.
 */
export function logSoftmax(x: FunctionOperand, axis = 1): Variable {
  x = input('logSoftmax', 'x', x);
  return new LogSoftmax(axis).apply([x])[0];
}
