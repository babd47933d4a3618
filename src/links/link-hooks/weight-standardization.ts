import type { Link } from '../../core/link.js';
import type { Parameter } from '../../core/parameter.js';
import type { Variable } from '../../core/variable.js';
import { reshape } from '../../functions/array/reshape.js';
import { standardize } from '../../functions/normalization/standardize.js';
import { ReplacedWeight } from './replaced-weight.js';

/** Options of {@link WeightStandardization}. */
export interface WeightStandardizationOptions {
  /** Added to the variance. Default 1e-5. */
  eps?: number;
  /** The parameter that is standardized. Default `W`. */
  weightName?: string;
  /** The hook's name. Default `WeightStandardization`. */
  name?: string;
}

/**
 * Lets a link compute with weights of mean 0 and variance 1 for each output. Follows
 * chainer.link_hooks.WeightStandardization (Qiao et al., arXiv:1903.10520).
 */
export class WeightStandardization extends ReplacedWeight {
  /** Added to variances. Default 1e-5. */
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
