import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import { binary, type NDArray, unary } from '../../ndarray/np.js';
import { checkFloating, type FunctionOperand, input } from '../arguments/operands.js';

class ReLU extends FunctionNode {
  override forward([x]: readonly NDArray[]): NDArray[] {
    checkFloating('relu', x);
    this.retainOutputs(0);
    return [unary('relu', x)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    const [y] = this.getRetainedOutputs();
    return new ReLUGrad(y.array).apply([gy]);
  }
}

/** gy where y > 0, else 0: linear in gy, with a derivative of 0 in y. */
class ReLUGrad extends FunctionNode<readonly NDArray[], [y: NDArray]> {
  constructor(y: NDArray) {
    super();
    this.save(y);
  }

  override forward([gy]: readonly NDArray[]): NDArray[] {
    const [y] = this.saved;
    return [binary('reluGrad', y, gy)];
  }

  override backward(_targets: readonly number[], [ggx]: readonly Variable[]): Variable[] {
    return new ReLUGrad(...this.saved).apply([ggx]);
  }
}

/**
 * max(0, x), elementwise; follows chainer.functions.relu. The gradient at 0 is 0.
 *
 * @example
 * F.relu(np.array([-1, 0, 2])).tolist(); // [0, 0, 2]
 *
 * @throws DTypeError unless x is floating.
 */
export function relu(x: FunctionOperand): Variable {
  x = input('relu', 'x', x);
  return new ReLU().apply([x])[0];
}
