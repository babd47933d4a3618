import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import { ValueError } from '../../errors.js';
import { greaterEqual, lessEqual, logicalAnd, maximum, minimum, type NDArray } from '../../ndarray/np.js';
import { checkFloating, checkScalars, type FunctionOperand, input } from '../arguments/operands.js';
import { passWhere } from '../nodes/piecewise.js';

class Clip extends FunctionNode {
  constructor(
    private readonly low: number,
    private readonly high: number,
  ) {
    super();
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    this.save();
    checkFloating('clip', x);
    this.retainInputs(0);
    return [minimum(maximum(x, this.low), this.high)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    const [{ array: x }] = this.getRetainedInputs();
    return [passWhere(logicalAnd(greaterEqual(x, this.low), lessEqual(x, this.high)), gy)];
  }
}

/**
 * x limited to [xMin, xMax]; null sets no limit. The gradient passes at the limits. Follows chainer.functions.clip.
 *
 * @throws ValueError if both limits are null or xMin is not below xMax, DTypeError unless x is floating.
 */
export function clip(x: FunctionOperand, xMin: number | null, xMax: number | null): Variable {
  x = input('clip', 'x', x);
  checkScalars('clip', { xMin: xMin ?? 0, xMax: xMax ?? 0 });
  if (xMin === null && xMax === null) throw new ValueError('clip: xMin and xMax are both null');
  const [low, high] = [xMin ?? Number.NEGATIVE_INFINITY, xMax ?? Number.POSITIVE_INFINITY];
  if (!(low < high)) throw new ValueError(`clip: xMin ${low} is not less than xMax ${high}`);
  return new Clip(low, high).apply([x])[0];
}
