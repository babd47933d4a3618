import { Link } from '../../core/link.js';
import { Parameter } from '../../core/parameter.js';
import type { Variable } from '../../core/variable.js';
import { prelu } from '../../functions/activation/prelu.js';
import type { FunctionOperand } from '../../functions/arguments/operands.js';
import type { InitializerLike } from '../../initializers/initializer.js';
import type { Shape } from '../../ndarray/shape.js';

/** relu with a learnt slope W for negative inputs (He et al., 2015); see `F.prelu`. Follows chainer.links.PReLU. */
export class PReLU extends Link {
  /** The slope of negative inputs. */
  readonly W: Parameter;

  /**
   * @param shape the shape of W: the axes of x after the first. Default (): one slope for all
   * @param init the initial value of W. Default 0.25
   */
  constructor(shape: Shape = [], init: InitializerLike = 0.25) {
    super();
    this.W = new Parameter(init, shape, { name: 'W' });
  }

  forward(x: FunctionOperand): Variable {
    return prelu(x, this.W);
  }
}
