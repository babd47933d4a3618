import { Chain } from '../../core/chain.js';
import type { Variable } from '../../core/variable.js';
import { maxout } from '../../functions/activation/maxout.js';
import type { FunctionOperand } from '../../functions/arguments/operands.js';
import { checkCounts } from '../../functions/arguments/window-sizes.js';
import type { InitializerLike } from '../../initializers/initializer.js';
import { checkOptions } from '../../options.js';
import { Linear } from '../connection/linear.js';

/** Options of {@link Maxout}. */
export interface MaxoutOptions {
  /** The initial value of the weight. Default LeCunNormal. */
  initialW?: InitializerLike;
  /** The initial value of the bias. Default 0. */
  initialBias?: InitializerLike;
}

/**
 * The largest of `poolSize` learnt linear functions, for each output (Goodfellow et al., 2013); see `F.maxout`. Follows
 * chainer.links.Maxout.
 */
export class Maxout extends Chain {
  /** The linear layer of outSize · poolSize values. The output is the largest of each pool of `poolSize` values. */
  readonly linear: Linear;

  /**
   * @param inSize features of the input; null: set by the first call
   * @param outSize features of the output
   * @param options initial values
   */
  constructor(
    inSize: number | null,
    outSize: number,
    /** The number of values of which each output is the largest. */
    readonly poolSize: number,
    options: MaxoutOptions = {},
  ) {
    super();
    checkOptions('Maxout', options, { initialW: 1, initialBias: 1 });
    checkCounts('Maxout', { outSize, poolSize }, 1);
    this.linear = new Linear(inSize, outSize * poolSize, options);
  }

  /** x (N, in) → (N, out). */
  forward(x: FunctionOperand): Variable {
    return maxout(this.linear(x), this.poolSize);
  }
}
