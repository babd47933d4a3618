import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import { DTypeError } from '../../errors.js';
import { logicalNot, type NDArray, where as whereArray } from '../../ndarray/np.js';
import type { Shape } from '../../ndarray/shape.js';
import { arrayOf, checkAlike, type FunctionOperand, input } from '../arguments/operands.js';
import { sumTo } from '../nodes/broadcasting.js';
import { passWhere } from '../nodes/piecewise.js';

class Where extends FunctionNode<[x: NDArray, y: NDArray], [condition: NDArray]> {
  #shapes: readonly Shape[] = [];

  constructor(condition: NDArray) {
    super();
    this.save(condition);
  }

  override forward([x, y]: [NDArray, NDArray]): NDArray[] {
    const [condition] = this.saved;
    checkAlike('where', x, y);
    this.#shapes = [x.shape, y.shape];
    return [whereArray(condition, x, y)];
  }

  override backward(targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    const [condition] = this.saved;
    return targets.map((i) => {
      const chosen = i === 0 ? condition : logicalNot(condition);
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
export function where(condition: FunctionOperand, x: FunctionOperand, y: FunctionOperand): Variable {
  const chooser = arrayOf(input('where', 'condition', condition));
  if (chooser.dtype !== 'bool') throw new DTypeError(`where: the condition is ${chooser.dtype}, expected bool`);
  const chosen = input('where', 'x', x, y);
  return new Where(chooser).apply([chosen, input('where', 'y', y, chosen)])[0];
}
