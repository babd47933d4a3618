import type { Link } from '../../core/link.js';
import type { Parameter } from '../../core/parameter.js';
import type { Variable } from '../../core/variable.js';
import { reshape } from '../../functions/array/reshape.js';
import { standardize } from '../../functions/normalization/standardize.js';
import { ReplacedWeight } from './replaced-weight.js';

/** Options of {@link WeightStandardization}. */
export interface WeightStandardizationOptions {
  /** The number added to the variance. Default 1e-5. */
  eps?: number;
  /** The name of the parameter to standardize. Default `W`. */
  weightName?: string;
  /** The hook's name. Default `WeightStandardization`. */
  name?: string;
}

/**
 * Standardizes the weights of each output of a link to mean 0 and variance 1, while the link computes. Follows
 * chainer.link_hooks.WeightStandardization (Qiao et al., arXiv:1903.10520).
 */
export class WeightStandardization extends ReplacedWeight {
  /** The number added to variances. Default 1e-5. */
  readonly eps: number;

  constructor(options: WeightStandardizationOptions = {}) {
    const { eps = 1e-5, weightName = 'W', name = 'WeightStandardization' } = options;
    super(name, weightName);
    this.eps = eps;
  }

  protected override replacement(_link: Link, weight: Parameter): Variable {
    const outputs = weight.shape[0];
    const rows = reshape(weight, [outputs, weight.size / outputs]);
    return reshape(standardize(rows, 1, this.eps), weight.shape);
  }
}
