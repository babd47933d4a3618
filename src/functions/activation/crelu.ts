import { FunctionNode } from '../../core/function-node.js';
import type { Variable, VariableLike } from '../../core/variable.js';
import { concatenate, greater, less, type NDArray, negative, unary } from '../../ndarray/np.js';
import { normalizeAxis } from '../../ndarray/shape.js';
import { Slice } from '../../ndarray/slice.js';
import { getItem } from '../array/get-item.js';
import { sub } from '../math/subtract.js';
import { checkFloating } from '../operands.js';
import { passWhere } from '../piecewise.js';

class CReLU extends FunctionNode {
  readonly #axis: number;

  constructor(axis: number) {
    super();
    this.#axis = axis;
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    checkFloating('crelu', x);
    this.retainInputs(0);
    return [concatenate([unary('relu', x), unary('relu', negative(x))], this.#axis)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    const [{ array: x }] = this.getRetainedInputs();
    const k = normalizeAxis('crelu', this.#axis, x.ndim);
    const whole = new Array<string>(k).fill(':');
    const half = x.shape[k];
    const upper = getItem(gy, [...whole, new Slice(0, half, 1)]);
    const lower = getItem(gy, [...whole, new Slice(half, null, 1)]);
    return [sub(passWhere(greater(x, 0), upper), passWhere(less(x, 0), lower))];
  }
}

/**
 * relu(x) and relu(−x), joined along an axis, which becomes twice as long; follows chainer.functions.crelu. The gradient
 * at 0 is 0. Shang et al., https://arxiv.org/abs/1603.05201.
 *
 * @param axis default 1
 * @throws DTypeError unless floating, ShapeError if the axis is out of range.
 */
export function crelu(x: VariableLike, axis = 1): Variable {
  return new CReLU(axis).apply([x])[0];
}
