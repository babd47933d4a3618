import { Link } from '../../core/link.js';
import { Parameter } from '../../core/parameter.js';
import type { Variable } from '../../core/variable.js';
import { ValueError } from '../../errors.js';
import type { FunctionOperand } from '../../functions/arguments/operands.js';
import { bias } from '../../functions/math/bias.js';
import type { Shape } from '../../ndarray/shape.js';

/**
 * Adds a learnt array along the axes of x that start at `axis`; see `F.bias`. Without a shape, the array is the second argument of the
 * call. Follows chainer.links.Bias.
 */
export class Bias extends Link {
  /** The bias; null: it is an argument of each call. */
  readonly b: Parameter | null;

  /** @param shape the shape of the learnt bias; null: the bias is an argument of each call */
  constructor(
    /** The axis of x that is the bias's first. */
    readonly axis = 1,
    shape: Shape | null = null,
  ) {
    super();
    this.b = shape === null ? null : new Parameter(0, shape, { name: 'b' });
  }

  /** x + b. @throws ValueError if there is no bias, or if there are two. */
  forward(x: FunctionOperand, y: FunctionOperand | null = null): Variable {
    const added = this.b ?? y;
    if (added === null || (this.b && y))
      throw new ValueError('Bias: the bias belongs either to the link (shape) or to the call (y)');
    return bias(x, added, this.axis);
  }
}
