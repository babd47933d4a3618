import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import { binary, type NDArray } from '../../ndarray/np.js';
import { checkAlike, type FunctionOperand, isArray, withArrays } from '../arguments/operands.js';
import { sumTo } from '../nodes/broadcasting.js';

class Multiply extends FunctionNode {
  override forward([a, b]: readonly NDArray[]): NDArray[] {
    checkAlike('mul', a, b);
    this.retainInputs(0, 1);
    return [binary('multiply', a, b)];
  }

  override backward(targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    const operands = this.getRetainedInputs();
    return targets.map((i) => sumTo(mul(gy, operands[1 - i]), operands[i].shape));
  }
}

class MultiplyConstant extends FunctionNode {
  constructor(private readonly constant: number) {
    super();
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    return [binary('multiply', x, this.constant)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    return [mul(gy, this.constant)];
  }
}

/** a·b, broadcast. @throws DTypeError if dtypes differ, ShapeError if shapes do not broadcast. */
export function mul(a: FunctionOperand, b: FunctionOperand): Variable {
  if (isArray(a)) {
    if (isArray(b)) return new Multiply().apply([a, b])[0];
    if (typeof b === 'number') return new MultiplyConstant(b).apply([a])[0];
  } else if (typeof a === 'number' && isArray(b)) return new MultiplyConstant(a).apply([b])[0];
  return withArrays('mul', mul, a, b);
}
