import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import { type Axis, type NDArray, prod as prodOfArray } from '../../ndarray/np.js';
import { normalizeAxes, reducedShape, sizeOf } from '../../ndarray/shape.js';
import { checkFloating, type FunctionOperand, input } from '../arguments/operands.js';
import { flip } from '../array/flip.js';
import { reshape } from '../array/reshape.js';
import { transpose } from '../array/transpose.js';
import { cumprod } from './cumprod.js';
import { shift } from './linear-recurrence.js';
import { mul } from './multiply.js';

class Prod extends FunctionNode {
  constructor(
    private readonly axis: Axis,
    private readonly keepdims: boolean,
  ) {
    super();
  }

  override forward([x]: readonly NDArray[]): NDArray[] {
    checkFloating('prod', x);
    this.retainInputs(0);
    return [prodOfArray(x, this.axis, this.keepdims)];
  }

  override backward(_targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    const [x] = this.getRetainedInputs();
    const axes = normalizeAxes('prod', this.axis, x.ndim);
    const order = [...axes, ...x.shape.map((_, k) => k).filter((k) => !axes.includes(k))];
    const moved = transpose(x, order);
    const rest = moved.shape.slice(axes.length);
    const factors = reshape(moved, [sizeOf(moved.shape.slice(0, axes.length)), ...rest]);
    const others = transpose(
      reshape(productsOfOthers(factors), moved.shape),
      order.map((_, k) => order.indexOf(k)),
    );
    return [mul(others, reshape(gy, reducedShape(x.shape, axes, true)))];
  }
}

/** For each element of the first axis, the product of all other elements: those before it times those after it. */
function productsOfOthers(x: Variable): Variable {
  const before = (factors: Variable) => shift(cumprod(factors, 0), 1, 1);
  return mul(before(x), flip(before(flip(x, 0)), 0));
}

/**
 * The product over axes (all by default); follows chainer.functions.prod. Gradients are right for factors of 0 too.
 *
 * @throws DTypeError unless x is floating, ShapeError if an axis is out of range.
 */
export function prod(x: FunctionOperand, axis: Axis = null, keepdims = false): Variable {
  x = input('prod', 'x', x);
  return new Prod(axis, keepdims).apply([x])[0];
}
