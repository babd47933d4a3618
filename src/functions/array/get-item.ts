import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import { type IndexPlan, planIndex } from '../../ndarray/indexing.js';
import { type DType, type Index, type NDArray, zeros } from '../../ndarray/np.js';
import { checkList, type Shape } from '../../ndarray/shape.js';
import type { BasicIndex } from '../../ndarray/slice.js';
import { type FunctionOperand, input } from '../arguments/operands.js';

class GetItem extends FunctionNode {
  readonly #indices: readonly Index[];
  #plan: IndexPlan | null;
  #from: Shape = [];

  constructor(indices: readonly Index[], plan: IndexPlan | null = null) {
    super();
    this.#indices = indices;
    this.#plan = plan;
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    this.save();
    this.#from = x.shape;
    this.#plan ??= planIndex(x.shape, this.#indices);
    return [this.#plan.read(x)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    return new GetItemGrad(this.#indices, this.#plan as IndexPlan, this.#from).apply([gy]);
  }
}

class GetItemGrad extends FunctionNode {
  constructor(
    private readonly indices: readonly Index[],
    private readonly plan: IndexPlan,
    private readonly shape: Shape,
  ) {
    super();
  }

  override forward([gy]: readonly NDArray[]): NDArray[] {
    this.save();
    const dtype: DType = gy.dtype;
    const gx = zeros(this.shape, { dtype, device: gy.device.name });
    this.plan.add(gx, gy);
    return [gx];
  }

  override backward(_targets: readonly number[], [ggx]: readonly Variable[]): Variable[] {
    return new GetItem(this.indices, this.plan).apply([ggx]);
  }
}

function listOf(indices: readonly Index[] | BasicIndex | NDArray): readonly Index[] {
  const list = isIndexList(indices) ? indices : [indices];
  checkList('getItem', 'the list of indices', list);
  return list;
}

function isIndexList(indices: readonly Index[] | BasicIndex | NDArray): indices is readonly Index[] {
  return Array.isArray(indices);
}

/**
 * The elements at NumPy's indices, basic or advanced: `F.getItem(x, [0, ':', slice(1, 3)])`. A single index needs no list; a list is
 * always the list of indices. Gradients of an element that is read more than once add up. Follows
 * chainer.functions.get_item.
 *
 * @example
 * F.getItem(np.array([[1, 2], [3, 4]]), [':', 1]).tolist(); // [2, 4]
 *
 * @throws IndexError if an index is out of range.
 */
export function getItem(x: FunctionOperand, indices: readonly Index[] | BasicIndex | NDArray): Variable {
  return new GetItem(listOf(indices)).apply([input('getItem', 'x', x)])[0];
}
