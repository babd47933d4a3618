import { Optimizer } from './optimizer.js';
import type { Algorithm } from './update-rule.js';

/** Hyperparameters of {@link Adam} and its relatives. */
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
  /** With AdaBound: the step size that the bounds close in on. Default 0.1. */
  finalLr: number;
  /** With AdaBound: how fast they do. Default 0.001. */
  gamma: number;
}

/** Options of {@link Adam}: what is not positional, and which of its relatives it is. */
export interface AdamOptions
  extends Partial<Pick<AdamHyperparameters, 'eta' | 'weightDecayRate' | 'finalLr' | 'gamma'>> {
  /** Divide by the largest second moment so far (AMSGrad). Default false. */
  amsgrad?: boolean;
  /** Bound the step size of each element (AdaBound). Default false. */
  adabound?: boolean;
}

/** Bounds that bind nothing: zero and the largest float32. */
const UNBOUNDED = [0, 3.4028234e38];

/** alpha corrected for the moments' start at zero: alpha·√(1−beta2ᵗ)/(1−beta1ᵗ). */
function correctedAlpha({ alpha, beta1, beta2 }: Readonly<AdamHyperparameters>, t: number): number {
  return (alpha * Math.sqrt(1 - beta2 ** t)) / (1 - beta1 ** t);
}

/** The bounds of an element's step size at update t; they close in on finalLr, scaled as alpha has been since setup. */
function bounds({ finalLr, gamma, alpha }: Readonly<AdamHyperparameters>, t: number, initialAlpha: number): number[] {
  const limit = (finalLr * alpha) / initialAlpha;
  return [limit * (1 - 1 / (gamma * t + 1)), limit * (1 + 1 / (gamma * t))];
}

function algorithm(amsgrad: boolean, adabound: boolean): Algorithm<AdamHyperparameters> {
  return {
    primitive: amsgrad ? 'amsGrad' : 'adam',
    states: amsgrad ? { m: 0, v: 0, vhat: 0 } : { m: 0, v: 0 },
    numbers: (h, t, initial) => [
      correctedAlpha(h, t),
      1 - h.beta1,
      1 - h.beta2,
      h.eps,
      h.eta,
      h.weightDecayRate,
      ...(adabound ? bounds(h, t, initial.alpha) : UNBOUNDED),
    ],
  };
}

export interface Adam extends AdamHyperparameters {}

/**
 * Adam (Kingma & Ba, 2015): m += (1−beta1)(g−m); v += (1−beta2)(g²−v);
 * p −= eta·(alphaT·m/(√v+eps) + weightDecayRate·p), alphaT = alpha·√(1−beta2ᵗ)/(1−beta1ᵗ). Follows
 * chainer.optimizers.Adam.
 */
export class Adam extends Optimizer<AdamHyperparameters> {
  constructor(alpha = 0.001, beta1 = 0.9, beta2 = 0.999, eps = 1e-8, options: AdamOptions = {}) {
    const { eta = 1, weightDecayRate = 0, finalLr = 0.1, gamma = 0.001, amsgrad = false, adabound = false } = options;
    super(algorithm(amsgrad, adabound), { alpha, beta1, beta2, eps, eta, weightDecayRate, finalLr, gamma });
  }

  /** The corrected step size of the last update; what `observeLr` logs. */
  get lr(): number {
    return correctedAlpha(this.hyperparam.values, Math.max(1, this.t));
  }
}

/** What the relatives of Adam take beside their positional numbers. */
export type AdamRelativeOptions = Omit<AdamOptions, 'amsgrad' | 'adabound'>;

/** Adam with decoupled weight decay (Loshchilov & Hutter, 2019). Follows chainer.optimizers.AdamW. */
export class AdamW extends Adam {
  constructor(alpha = 0.001, beta1 = 0.9, beta2 = 0.999, eps = 1e-8, options: AdamRelativeOptions = {}) {
    super(alpha, beta1, beta2, eps, options);
  }
}

/** Adam that divides by the largest second moment so far (Reddi et al., 2018). Follows chainer.optimizers.AMSGrad. */
export class AMSGrad extends Adam {
  constructor(alpha = 0.001, beta1 = 0.9, beta2 = 0.999, eps = 1e-8, options: AdamRelativeOptions = {}) {
    super(alpha, beta1, beta2, eps, { ...options, amsgrad: true });
  }
}

/** Adam whose step sizes are bounded ever closer to one rate (Luo et al., 2019). Follows chainer.optimizers.AdaBound. */
export class AdaBound extends Adam {
  constructor(
    alpha = 0.001,
    beta1 = 0.9,
    beta2 = 0.999,
    finalLr = 0.1,
    gamma = 0.001,
    eps = 1e-8,
    options: AdamRelativeOptions = {},
  ) {
    super(alpha, beta1, beta2, eps, { ...options, finalLr, gamma, adabound: true });
  }
}

/** {@link AMSGrad} and {@link AdaBound} together. Follows chainer.optimizers.AMSBound. */
export class AMSBound extends Adam {
  constructor(
    alpha = 0.001,
    beta1 = 0.9,
    beta2 = 0.999,
    finalLr = 0.1,
    gamma = 0.001,
    eps = 1e-8,
    options: AdamRelativeOptions = {},
  ) {
    super(alpha, beta1, beta2, eps, { ...options, finalLr, gamma, amsgrad: true, adabound: true });
  }
}
