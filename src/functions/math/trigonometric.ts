import { FunctionNode } from '../../core/function-node.js';
import type { Variable } from '../../core/variable.js';
import { binary, type NDArray } from '../../ndarray/np.js';
import { checkFloating, type FunctionOperand, input } from '../arguments/operands.js';
import { sumTo } from '../nodes/broadcasting.js';
import { elementwise } from '../nodes/elementwise.js';
import { add } from './add.js';
import { div } from './divide.js';
import { mul } from './multiply.js';
import { neg } from './negative.js';
import { sqrt } from './sqrt.js';
import { square } from './square.js';
import { sub } from './subtract.js';

/** The sine of radians; follows chainer.functions.sin. */
export const sin = elementwise('sin', { ofInput: (x, gy) => mul(cos(x), gy) });

/** The cosine of radians; follows chainer.functions.cos. */
export const cos = elementwise('cos', { ofInput: (x, gy) => neg(mul(sin(x), gy)) });

/** The tangent of radians; follows chainer.functions.tan. */
export const tan = elementwise('tan', { ofOutput: (y, gy) => mul(add(square(y), 1), gy) });

/** The inverse sine, in radians; NaN outside [−1, 1]. Follows chainer.functions.arcsin. */
export const arcsin = elementwise('arcsin', { ofInput: (x, gy) => div(gy, sqrt(sub(1, square(x)))) });

/** The inverse cosine, in radians; NaN outside [−1, 1]. Follows chainer.functions.arccos. */
export const arccos = elementwise('arccos', { ofInput: (x, gy) => neg(div(gy, sqrt(sub(1, square(x))))) });

/** The inverse tangent, in radians; follows chainer.functions.arctan. */
export const arctan = elementwise('arctan', { ofInput: (x, gy) => div(gy, add(square(x), 1)) });

class Arctan2 extends FunctionNode {
  override forward([x1, x2]: readonly NDArray[]): NDArray[] {
    checkFloating('arctan2', x1, x2);
    this.retainInputs(0, 1);
    return [binary('arctan2', x1, x2)];
  }

  override backward(targets: readonly number[], [gy]: readonly Variable[]): Variable[] {
    const [x1, x2] = this.getRetainedInputs();
    const scaled = div(gy, add(square(x1), square(x2)));
    return targets.map((i) => (i === 0 ? sumTo(mul(x2, scaled), x1.shape) : sumTo(neg(mul(x1, scaled)), x2.shape)));
  }
}

/**
 * The angle of the point (x2, x1), in radians from −π to π, broadcast; follows chainer.functions.arctan2.
 *
 * @throws DTypeError if dtypes differ or are not floating, ShapeError if shapes do not broadcast.
 */
export function arctan2(x1: FunctionOperand, x2: FunctionOperand): Variable {
  x1 = input('arctan2', 'x1', x1, x2);
  x2 = input('arctan2', 'x2', x2, x1);
  return new Arctan2().apply([x1, x2])[0];
}
