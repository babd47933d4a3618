import { Link } from '../../core/link.js';
import { Parameter } from '../../core/parameter.js';
import type { Variable } from '../../core/variable.js';
import { swish } from '../../functions/activation/swish.js';
import { type FunctionOperand, input } from '../../functions/arguments/operands.js';
import type { InitializerLike } from '../../initializers/initializer.js';
import type { Shape } from '../../ndarray/shape.js';

/** x·sigmoid(beta·x) with a learnt beta (Ramachandran et al., 2017); see `F.swish`. Follows chainer.links.Swish. */
export class Swish extends Link {
  /** The β of x · sigmoid(βx). */
  readonly beta: Parameter;

  /**
   * @param betaShape the shape of beta: the axes of x after the first; null: set by the first call
   * @param betaInit the initial value of beta. Default 1
   */
  constructor(betaShape: Shape | null, betaInit: InitializerLike = 1) {
    super();
    this.beta = new Parameter(betaInit, betaShape, { name: 'beta' });
  }

  forward(x: FunctionOperand): Variable {
    x = input('Swish', 'x', x);
    if (!this.beta.isInitialized) this.beta.initialize(x.shape.slice(1));
    return swish(x, this.beta);
  }
}
