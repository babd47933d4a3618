import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import { ValueError } from '../../errors.js';
import { clip, greater, less, logicalAnd, type NDArray } from '../../ndarray/np.js';
import { checkFloating, checkScalars, type FunctionOperand, input } from '../arguments/operands.js';
import { passWhere } from '../nodes/piecewise.js';

class ClippedReLU extends FunctionNode {
  constructor(private readonly cap: number) {
    super();
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    this.save();
    checkFloating('clippedRelu', x);
    this.retainInputs(0);
    return [clip(x, 0, this.cap)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    const [{ array: x }] = this.getRetainedInputs();
    return [passWhere(logicalAnd(greater(x, 0), less(x, this.cap)), gy)];
  }
}

/**
 * min(max(0, x), z), elementwise; follows chainer.functions.clipped_relu. The gradient at 0 and at z is 0.
 *
 * @param z default 20
 * @throws ValueError unless z > 0, DTypeError unless x is floating.
 */
export function clippedRelu(x: FunctionOperand, z = 20): Variable {
  x = input('clippedRelu', 'x', x);
  checkScalars('clippedRelu', { z });
  if (!(z > 0)) throw new ValueError(`clippedRelu: z is ${z}, expected a positive number`);
  return new ClippedReLU(z).apply([x])[0];
}

/** min(max(0, x), 6): {@link clippedRelu} with z = 6; follows chainer.functions.relu6. */
export function relu6(x: FunctionOperand): Variable {
  x = input('relu6', 'x', x);
  return clippedRelu(x, 6);
}
