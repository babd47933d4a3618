import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import { ShapeError } from '../../errors.js';
import { type IndexPlan, planIndex } from '../../ndarray/indexing.js';
import { copy, type Index, type NDArray } from '../../ndarray/np.js';
import { formatShape, sameShape } from '../../ndarray/shape.js';
import { checkAlike, type FunctionOperand, input } from '../arguments/operands.js';
import { getItem } from './get-item.js';

class ScatterAdd extends FunctionNode {
  constructor(
    private readonly slices: readonly Index[],
    private readonly plan: IndexPlan,
  ) {
    super();
  }

  override forward([a, b]: readonly NDArray[]): NDArray[] {
    this.save();
    checkAlike('scatterAdd', a, b);
    const y = copy(a);
    this.plan.add(y, b);
    return [y];
  }

  override backward(targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    return targets.map((i) => (i === 0 ? gy : getItem(gy, this.slices)));
  }
}

/**
 * A copy of `a` with `b` added at NumPy's indices, as in `F.scatterAdd(a, [rows, ':'], b)`; an index that comes twice adds
 * twice. Follows chainer.functions.scatter_add.
 *
 * @throws ShapeError unless b has the shape of a at the indices, IndexError if one is out of range, DTypeError if dtypes
 *   differ.
 */
export function scatterAdd(a: FunctionOperand, slices: readonly Index[], b: FunctionOperand): Variable {
  a = input('scatterAdd', 'a', a, b);
  b = input('scatterAdd', 'b', b, a);
  const plan = planIndex(a.shape, slices);
  if (!sameShape(plan.shape, b.shape)) {
    throw new ShapeError(
      `scatterAdd: b ${formatShape(b.shape)} does not fit elements of shape ${formatShape(plan.shape)} of a ${formatShape(a.shape)}`,
    );
  }
  return new ScatterAdd(slices, plan).apply([a, b])[0];
}
