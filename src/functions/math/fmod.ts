import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import { binary, type NDArray } from '../../ndarray/np.js';
import { checkFloating, type FunctionOperand, input } from '../arguments/operands.js';
import { sumTo } from '../nodes/broadcasting.js';
import { div } from './divide.js';
import { fix } from './fix.js';
import { mul } from './multiply.js';
import { neg } from './negative.js';

class Fmod extends FunctionNode {
  override forward([x, divisor]: readonly NDArray[]): NDArray[] {
    checkFloating('fmod', x, divisor);
    this.retainInputs(0, 1);
    return [binary('fmod', x, divisor)];
  }

  override backward(targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    const [x, divisor] = this.getRetainedInputs();
    // y = x − fix(x / divisor)·divisor, and fix is flat.
    return targets.map((i) =>
      i === 0 ? sumTo(gy, x.shape) : sumTo(neg(mul(fix(div(x, divisor)), gy)), divisor.shape),
    );
  }
}

/**
 * The remainder of x / divisor with the sign of x, broadcast; follows chainer.functions.fmod.
 *
 * @throws DTypeError if dtypes differ or are not floating, ShapeError if shapes do not broadcast.
 */
export function fmod(x: FunctionOperand, divisor: FunctionOperand): Variable {
  x = input('fmod', 'x', x, divisor);
  divisor = input('fmod', 'divisor', divisor, x);
  return new Fmod().apply([x, divisor])[0];
}
