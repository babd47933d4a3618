import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import { greater, multiply, type NDArray, where } from '../../ndarray/np.js';
import { checkFloating, checkScalars, type FunctionOperand, input } from '../arguments/operands.js';
import { passWhere } from '../nodes/piecewise.js';

class LeakyReLU extends FunctionNode {
  constructor(private readonly slope: number) {
    super();
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    this.save();
    checkFloating('leakyRelu', x);
    // The output has the sign of the input unless the slope is negative, and the next function often retains it anyway.
    if (this.slope >= 0) this.retainOutputs(0);
    else this.retainInputs(0);
    return [where(greater(x, 0), x, multiply(x, this.slope))];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    const [kept] = this.slope >= 0 ? this.getRetainedOutputs() : this.getRetainedInputs();
    return [passWhere(greater(kept.array, 0), gy, this.slope)];
  }
}

/**
 * x where x > 0, slope·x elsewhere; follows chainer.functions.leaky_relu. The gradient at 0 is `slope`.
 *
 * @param slope default 0.2
 * @throws DTypeError unless x is floating.
 */
export function leakyRelu(x: FunctionOperand, slope = 0.2): Variable {
  x = input('leakyRelu', 'x', x);
  checkScalars('leakyRelu', { slope });
  return new LeakyReLU(slope).apply([x])[0];
}
