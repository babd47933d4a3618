import { Link } from '../../core/link.js';
import { Parameter } from '../../core/parameter.js';
import type { Variable } from '../../core/variable.js';
import { ValueError } from '../../errors.js';
import type { FunctionOperand } from '../../functions/arguments/operands.js';
import { bias } from '../../functions/math/bias.js';
import type { Shape } from '../../ndarray/shape.js';

/**
 * Adds a learnt array along axes of x from `axis` on; see `F.bias`. Without a shape the array is the second argument of the
 * call. Follows chainer.links.Bias.
 */
export class Bias extends Link {
  /** What is added; null: it is given at each call. */
  readonly b: Parameter | null;

  /**
   * @param shape of the bias, which is learnt; null: it is given with each call
   */
  constructor(
    /** The first axis of the input that the bias is aligned with. */
    readonly axis = 1,
    shape: Shape | null = null,
  ) {
    super();
    this.b = shape === null ? null : new Parameter(0, shape, { name: 'b' });
  }

  /** x + b. @throws ValueError if there is no array to add, or two. */
  forward(x: FunctionOperand, y: FunctionOperand | null = null): Variable {
    const added = this.b ?? y;
    if (added === null || (this.b && y))
      throw new ValueError('Bias: give an array to add either to the link or to the call');
    return bias(x, added, this.axis);
  }
}
