import { FunctionNode } from '../../core/function-node.js';
import type { Variable, VariableLike } from '../../core/variable.js';
import { DTypeError, ValueError } from '../../errors.js';
import { full, logicalNot, type NDArray, where as whereArray } from '../../ndarray/np.js';
import type { Shape } from '../../ndarray/shape.js';
import { sumTo } from '../math/sum-to.js';
import { arrayOf, checkAlike, type FunctionOperand, isArray } from '../operands.js';
import { passWhere } from '../piecewise.js';

class Where extends FunctionNode {
  readonly condition: NDArray;
  #shapes: readonly Shape[] = [];

  constructor(condition: NDArray) {
    super();
    this.condition = condition;
  }

  override forward([x, y]: readonly NDArray[]): NDArray[] {
    checkAlike('where', x, y);
    this.#shapes = [x.shape, y.shape];
    return [whereArray(this.condition, x, y)];
  }

  override backward(targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    return targets.map((i) => {
      const chosen = i === 0 ? this.condition : logicalNot(this.condition);
      return sumTo(passWhere(chosen, gy), this.#shapes[i]);
    });
  }
}

/**
 * condition ? x : y, elementwise and broadcast; a number takes its dtype from the other side. Follows
 * chainer.functions.where.
 *
 * @throws DTypeError unless the condition is bool and the dtypes of x and y are equal, ShapeError if shapes do not
 *   broadcast.
 */
export function where(condition: VariableLike, x: FunctionOperand, y: FunctionOperand): Variable {
  const chooser = arrayOf(condition);
  if (chooser.dtype !== 'bool') throw new DTypeError(`where: the condition is ${chooser.dtype}, expected bool`);
  const known = isArray(x) ? x : y;
  if (!isArray(known)) throw new ValueError(`where: x and y are both numbers (${x}, ${y})`);
  const { dtype, device } = arrayOf(known);
  const operands = [x, y].map((side) => (isArray(side) ? side : full([], side, { dtype, device: device.name })));
  return new Where(chooser).apply(operands)[0];
}
