import { Link } from '../../core/link.js';
import { Parameter } from '../../core/parameter.js';
import type { Variable } from '../../core/variable.js';
import { checkChannelAxis, type FunctionOperand, input } from '../../functions/arguments/operands.js';
import { checkCounts } from '../../functions/arguments/window-sizes.js';
import { layerNormalization } from '../../functions/normalization/layer-normalization.js';
import type { InitializerLike } from '../../initializers/initializer.js';
import { checkOptions } from '../../options.js';

/** Options of links with a learnt gamma and beta. */
export interface GammaBetaOptions {
  /** The number added to the variance. */
  eps?: number;
  /** The initial value of gamma. Default 1. */
  initialGamma?: InitializerLike;
  /** The initial value of beta. Default 0. */
  initialBeta?: InitializerLike;
}

/**
 * Layer normalization with learnt gamma and beta (D,); see `F.layerNormalization`. eps is 1e-6 here, unlike the function's.
 * With `size` null, the first call sets it. Follows chainer.links.LayerNormalization.
 */
export class LayerNormalization extends Link {
  /** The factors (size,). */
  readonly gamma: Parameter;
  /** The bias (size,). */
  readonly beta: Parameter;
  /** The number added to variances. */
  readonly eps: number;

  /**
   * @param size features of the input; null: set by the first call
   * @param options `eps`, and initial values of gamma and beta
   */
  constructor(size: number | null = null, options: GammaBetaOptions = {}) {
    super();
    checkOptions('LayerNormalization', options, { eps: 1, initialGamma: 1, initialBeta: 1 });
    checkCounts('LayerNormalization', { size: size ?? 0 });
    const { eps = 1e-6, initialGamma = 1, initialBeta = 0 } = options;
    this.eps = eps;
    const shape = size === null ? null : [size];
    this.gamma = new Parameter(initialGamma ?? 1, shape, { name: 'gamma' });
    this.beta = new Parameter(initialBeta ?? 0, shape, { name: 'beta' });
  }

  /** x (N, D) → (N, D). */
  forward(x: FunctionOperand): Variable {
    x = input('LayerNormalization', 'x', x);
    checkChannelAxis('LayerNormalization', x);
    this.gamma.initialize([x.shape[1]]);
    this.beta.initialize([x.shape[1]]);
    return layerNormalization(x, this.gamma, this.beta, this.eps);
  }
}
