import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import { binary, type NDArray, unary } from '../../ndarray/np.js';
import { checkFloating, type FunctionOperand, input } from '../arguments/operands.js';
import { mul } from '../math/multiply.js';
import { sub } from '../math/subtract.js';

class Tanh extends FunctionNode {
  override forward([x]: readonly NDArray[]): NDArray[] {
    checkFloating('tanh', x);
    this.retainOutputs(0);
    return [unary('tanh', x)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    return new TanhGrad().apply([...this.getRetainedOutputs(), gy]);
  }
}

/** (y, gy) ↦ gy·(1−y²). */
class TanhGrad extends FunctionNode {
  override forward([y, gy]: readonly NDArray[]): NDArray[] {
    this.retainInputs(0, 1);
    return [binary('tanhGrad', y, gy)];
  }

  override backward(targets: readonly number[], [ggx]: readonly Variable[]): Variable[] {
    const [y, gy] = this.getRetainedInputs();
    return targets.map((i) => (i === 0 ? mul(mul(mul(ggx, gy), y), -2) : mul(ggx, sub(1, mul(y, y)))));
  }
}

/**
 * The hyperbolic tangent, elementwise; follows chainer.functions.tanh.
 *
 * @example
 * F.tanh(np.array([0])).tolist(); // [0]
 *
 * @throws DTypeError unless x is floating.
 */
export function tanh(x: FunctionOperand): Variable {
  x = input('tanh', 'x', x);
  return new Tanh().apply([x])[0];
}
