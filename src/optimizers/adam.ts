import { Optimizer } from './optimizer.js';
import type { Algorithm } from './update-rule.js';

/** Hyperparameters of {@link Adam}. */
export interface AdamHyperparameters {
  /** Step size. Default 0.001. */
  alpha: number;
  /** Decay of the mean of gradients. Default 0.9. */
  beta1: number;
  /** Decay of the mean of squared gradients. Default 0.999. */
  beta2: number;
  /** Added to the root of the second moment. Default 1e-8. */
  eps: number;
  /** Factor of the whole step. Default 1. */
  eta: number;
  /** Decoupled weight decay: p −= eta·rate·p. Default 0. */
  weightDecayRate: number;
}

/** alpha corrected for the moments' start at zero: alpha·√(1−beta2ᵗ)/(1−beta1ᵗ). */
export function correctedAlpha({ alpha, beta1, beta2 }: Readonly<AdamHyperparameters>, t: number): number {
  return (alpha * Math.sqrt(1 - beta2 ** t)) / (1 - beta1 ** t);
}

const ALGORITHM: Algorithm<AdamHyperparameters> = {
  primitive: 'adam',
  states: ['m', 'v'],
  numbers: (h, t) => [correctedAlpha(h, t), 1 - h.beta1, 1 - h.beta2, h.eps, h.eta, h.weightDecayRate],
};

/**
 * Adam (Kingma & Ba, 2015): m += (1−beta1)(g−m); v += (1−beta2)(g²−v);
 * p −= eta·(alphaT·m/(√v+eps) + weightDecayRate·p), alphaT = alpha·√(1−beta2ᵗ)/(1−beta1ᵗ). Follows
 * chainer.optimizers.Adam.
 */
export class Adam extends Optimizer<AdamHyperparameters> {
  constructor(
    alpha = 0.001,
    beta1 = 0.9,
    beta2 = 0.999,
    eps = 1e-8,
    options: { eta?: number; weightDecayRate?: number } = {},
  ) {
    const { eta = 1, weightDecayRate = 0 } = options;
    super(ALGORITHM, { alpha, beta1, beta2, eps, eta, weightDecayRate });
  }

  /** Step size. */
  get alpha(): number {
    return this.hyperparam.values.alpha;
  }

  set alpha(alpha: number) {
    this.hyperparam.values.alpha = alpha;
  }

  /** The corrected step size of the last update; what `observeLr` logs. */
  get lr(): number {
    return correctedAlpha(this.hyperparam.values, Math.max(1, this.t));
  }
}
