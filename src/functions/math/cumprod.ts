import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import { cumprod as cumprodOfArray, type NDArray } from '../../ndarray/np.js';
import { normalizeAxis } from '../../ndarray/shape.js';
import { checkFloating, type FunctionOperand, input } from '../arguments/operands.js';
import { reshape } from '../array/reshape.js';
import { transpose } from '../array/transpose.js';
import { linearRecurrence, shift } from './linear-recurrence.js';
import { mul } from './multiply.js';

/** Running products along the first axis. */
class Cumprod extends FunctionNode {
  override forward([x]: readonly NDArray[]): NDArray[] {
    checkFloating('cumprod', x);
    this.retainInputs(0);
    this.retainOutputs(0);
    return [cumprodOfArray(x, 0)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    const [x] = this.getRetainedInputs();
    const [y] = this.getRetainedOutputs();
    // With yᵢ = xᵢ·yᵢ₋₁, the gradient of yᵢ is hᵢ = gyᵢ + xᵢ₊₁·hᵢ₊₁. Unlike gy·y/x, it is right for zeros too.
    const h = linearRecurrence(shift(x, -1, 0), gy, -1);
    return [mul(h, shift(y, 1, 1))];
  }
}

/**
 * Running products along an axis, or of the flattened array; follows chainer.functions.cumprod.
 *
 * @throws DTypeError unless x is floating, ShapeError if the axis is out of range.
 */
export function cumprod(x: FunctionOperand, axis: number | null = null): Variable {
  x = input('cumprod', 'x', x);
  if (axis === null) return cumprod(reshape(x, [-1]), 0);
  const k = normalizeAxis('cumprod', axis, x.shape.length);
  if (k === 0) return new Cumprod().apply([x])[0];
  const exchanged = x.shape.map((_, i) => (i === 0 ? k : i === k ? 0 : i));
  return transpose(new Cumprod().apply([transpose(x, exchanged)])[0], exchanged);
}
