import { Link } from '../../core/link.js';
import { Parameter } from '../../core/parameter.js';
import type { Variable } from '../../core/variable.js';
import { checkChannelAxis, type FunctionOperand, input } from '../../functions/arguments/operands.js';
import { checkCounts } from '../../functions/arguments/window-sizes.js';
import { groupNormalization } from '../../functions/normalization/group-normalization.js';
import { checkOptions } from '../../options.js';
import type { GammaBetaOptions } from './layer-normalization.js';

/**
 * Group normalization with learnt gamma and beta (C,); see `F.groupNormalization`. eps is 1e-5 by default. With `size` null, the first
 * call sets it. Follows chainer.links.GroupNormalization.
 */
export class GroupNormalization extends Link {
  /** The factors (channels,). */
  readonly gamma: Parameter;
  /** The bias (channels,). */
  readonly beta: Parameter;
  /** The number added to variances. */
  readonly eps: number;

  /**
   * @param size channels of the input; null: set by the first call
   * @param options `eps`, and initial values of gamma and beta
   */
  constructor(
    /** The number of groups of channels. */
    readonly groups: number,
    size: number | null = null,
    options: GammaBetaOptions = {},
  ) {
    super();
    checkOptions('GroupNormalization', options, { eps: 1, initialGamma: 1, initialBeta: 1 });
    checkCounts('GroupNormalization', { groups, size: size ?? 0 });
    const { eps = 1e-5, initialGamma = 1, initialBeta = 0 } = options;
    this.eps = eps;
    const shape = size === null ? null : [size];
    this.gamma = new Parameter(initialGamma ?? 1, shape, { name: 'gamma' });
    this.beta = new Parameter(initialBeta ?? 0, shape, { name: 'beta' });
  }

  /** x (N, C, …) → the same shape. */
  forward(x: FunctionOperand): Variable {
    x = input('GroupNormalization', 'x', x);
    checkChannelAxis('GroupNormalization', x);
    this.gamma.initialize([x.shape[1]]);
    this.beta.initialize([x.shape[1]]);
    return groupNormalization(x, this.groups, this.gamma, this.beta, this.eps);
  }
}
