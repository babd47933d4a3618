import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import { absolute, add, clip, less, multiply, type NDArray } from '../../ndarray/np.js';
import { checkFloating, type FunctionOperand, input } from '../arguments/operands.js';
import { mul } from '../math/multiply.js';
import { passWhere } from '../nodes/piecewise.js';

const SLOPE = 0.2;
/** The line reaches 0 at −2.5 and 1 at 2.5. */
const CORNER = 2.5;

class HardSigmoid extends FunctionNode {
  override forward([x]: readonly NDArray[]): NDArray[] {
    this.save();
    checkFloating('hardSigmoid', x);
    this.retainInputs(0);
    return [clip(add(multiply(x, SLOPE), 0.5), 0, 1)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    const [{ array: x }] = this.getRetainedInputs();
    return [passWhere(less(absolute(x), CORNER), mul(gy, SLOPE))];
  }
}

/**
 * 0.2·x + 0.5, limited to [0, 1], elementwise; follows chainer.functions.hard_sigmoid. The gradient at ±2.5 is 0.
 *
 * @throws DTypeError unless x is floating.
 */
export function hardSigmoid(x: FunctionOperand): Variable {
  x = input('hardSigmoid', 'x', x);
  return new HardSigmoid().apply([x])[0];
}
