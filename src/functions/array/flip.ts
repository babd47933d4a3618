import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import { flip as flipArray, type NDArray } from '../../ndarray/np.js';
import { type FunctionOperand, input } from '../arguments/operands.js';

class Flip extends FunctionNode {
  constructor(private readonly axis: number) {
    super();
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    return [flipArray(x, this.axis)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    return [flip(gy, this.axis)];
  }
}

/** x in reverse order along an axis. Follows chainer.functions.flip. @throws ShapeError if the axis is out of range. */
export function flip(x: FunctionOperand, axis: number): Variable {
  x = input('flip', 'x', x);
  return new Flip(axis).apply([x])[0];
}
