import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import { type NDArray, negative } from '../../ndarray/np.js';
import { type FunctionOperand, input } from '../arguments/operands.js';

class Negative extends FunctionNode {
  override forward([x]: readonly NDArray[]): NDArray[] {
    return [negative(x)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    return [neg(gy)];
  }
}

/** −x. */
export function neg(x: FunctionOperand): Variable {
  x = input('neg', 'x', x);
  return new Negative().apply([x])[0];
}
