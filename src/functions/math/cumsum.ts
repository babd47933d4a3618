import { FunctionNode } from '../../core/function-node.js';
import type { Variable, VariableLike } from '../../core/variable.js';
import { cumsum as cumsumOfArray, flip, type NDArray } from '../../ndarray/np.js';
import { reshape } from '../array/reshape.js';
import { checkFloating } from '../operands.js';

/** Running sums, from the end if `backwards`: the two are each other's adjoints. */
class Cumsum extends FunctionNode {
  readonly #axis: number;
  readonly #backwards: boolean;

  constructor(axis: number, backwards: boolean) {
    super();
    this.#axis = axis;
    this.#backwards = backwards;
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    checkFloating('cumsum', x);
    const axis = this.#axis;
    return [this.#backwards ? flip(cumsumOfArray(flip(x, axis), axis), axis) : cumsumOfArray(x, axis)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    return new Cumsum(this.#axis, !this.#backwards).apply([gy]);
  }
}

/**
 * Running sums along an axis, or of the flattened array; follows chainer.functions.cumsum.
 *
 * @throws DTypeError unless floating, ShapeError if the axis is out of range.
 */
export function cumsum(x: VariableLike, axis: number | null = null): Variable {
  return axis === null ? cumsum(reshape(x, [-1]), 0) : new Cumsum(axis, false).apply([x])[0];
}
