import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import { binary, type NDArray, unary } from '../../ndarray/np.js';
import { checkFloating, type FunctionOperand, input } from '../arguments/operands.js';
import { mul } from '../math/multiply.js';
import { sub } from '../math/subtract.js';

class Sigmoid extends FunctionNode {
  override forward([x]: readonly NDArray[]): NDArray[] {
    checkFloating('sigmoid', x);
    this.retainOutputs(0);
    return [unary('sigmoid', x)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    return new SigmoidGrad().apply([...this.getRetainedOutputs(), gy]);
  }
}

/** (y, gy) ↦ gy·y·(1−y). */
class SigmoidGrad extends FunctionNode {
  override forward([y, gy]: readonly NDArray[]): NDArray[] {
    this.retainInputs(0, 1);
    return [binary('sigmoidGrad', y, gy)];
  }

  override backward(targets: readonly number[], [ggx]: readonly Variable[]): Variable[] {
    const [y, gy] = this.getRetainedInputs();
    return targets.map((i) => (i === 0 ? mul(mul(ggx, gy), sub(1, mul(y, 2))) : mul(ggx, mul(y, sub(1, y)))));
  }
}

/**
 * 1 / (1 + e⁻ˣ), elementwise; follows chainer.functions.sigmoid.
 *
 * @example
 * F.sigmoid(np.array([0])).tolist(); // [0.5]
 *
 * @throws DTypeError unless x is floating.
 */
export function sigmoid(x: FunctionOperand): Variable {
  x = input('sigmoid', 'x', x);
  return new Sigmoid().apply([x])[0];
}
