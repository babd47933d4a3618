import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import { ValueError } from '../../errors.js';
import { concatenate, type NDArray } from '../../ndarray/np.js';
import { normalizeAxis } from '../../ndarray/shape.js';
import { checkAlike, type FunctionOperand, inputsOf } from '../arguments/operands.js';
import { sliceAlong } from '../nodes/strided.js';

class Concat extends FunctionNode {
  #axis: number;
  #lengths: readonly number[] = [];

  constructor(axis: number) {
    super();
    this.#axis = axis;
  }

  override forward(xs: readonly NDArray[]): NDArray[] {
    checkAlike('concat', ...xs);
    this.#axis = normalizeAxis('concat', this.#axis, xs[0].ndim);
    this.#lengths = xs.map((x) => x.shape[this.#axis]);
    return [concatenate(xs, this.#axis)];
  }

  override backward(targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    const start = (i: number) => this.#lengths.slice(0, i).reduce((sum, n) => sum + n, 0);
    return targets.map((i) => sliceAlong(gy, this.#axis, start(i), this.#lengths[i]));
  }
}

/**
 * Arrays joined along an existing axis, the channels by default; their other lengths are equal. Follows
 * chainer.functions.concat.
 *
 * @example
 * F.concat([np.array([[1]]), np.array([[2, 3]])], 1).tolist(); // [[1, 2, 3]]
 *
 * @throws ShapeError if lengths differ or the axis is out of range, DTypeError if dtypes differ, ValueError if there are no arrays.
 */
export function concat(xs: readonly FunctionOperand[], axis = 1): Variable {
  const arrays = inputsOf('concat', 'xs', xs);
  if (arrays.length === 0) throw new ValueError('concat: no arrays');
  return new Concat(axis).apply(arrays)[0];
}
