import { hyperparametersOf, type NamedHyperparameters } from './hyperparameters.js';
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
  /** The number added to the root of the second moment. Default 1e-8. */
  eps: number;
  /** Factor of the whole step. Default 1. */
  eta: number;
  /** Decoupled weight decay: p −= eta·rate·p. Default 0. */
  weightDecayRate: number;
  /** For AdaBound: the step size to which the bounds converge. Default 0.1. */
  finalLr: number;
  /** For AdaBound: the speed at which the bounds converge. Default 0.001. */
  gamma: number;
}

/** Options of {@link Adam}: hyperparameters without a position, and the choice of its relatives. */
export interface AdamOptions
  extends Partial<Pick<AdamHyperparameters, 'eta' | 'weightDecayRate' | 'finalLr' | 'gamma'>> {
  /** Whether to divide by the largest second moment so far (AMSGrad). Default false. */
  amsgrad?: boolean;
  /** Whether to bound the step size of each element (AdaBound). Default false. */
  adabound?: boolean;
}

/** Bounds without an effect: zero and the largest float32. */
const UNBOUNDED = [0, 3.4028234e38];

/** alpha with the correction for moments that start at zero: alpha·√(1−beta2ᵗ)/(1−beta1ᵗ). */
function correctedAlpha({ alpha, beta1, beta2 }: Readonly<AdamHyperparameters>, t: number): number {
  return (alpha * Math.sqrt(1 - beta2 ** t)) / (1 - beta1 ** t);
}

/** The bounds of an element's step size at update t. They converge to finalLr times alpha's change since setup. */
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

/** All arguments of {@link Adam} by name. */
export interface NamedAdamHyperparameters extends NamedHyperparameters<AdamHyperparameters> {
  /** See {@link AdamOptions}. */
  amsgrad?: boolean;
  /** See {@link AdamOptions}. */
  adabound?: boolean;
}

const DEFAULTS: Readonly<AdamHyperparameters> = {
  alpha: 0.001,
  beta1: 0.9,
  beta2: 0.999,
  eps: 1e-8,
  eta: 1,
  weightDecayRate: 0,
  finalLr: 0.1,
  gamma: 0.001,
};
const ORDER = ['alpha', 'beta1', 'beta2', 'eps'] as const;
const BOUNDED_ORDER = ['alpha', 'beta1', 'beta2', 'finalLr', 'gamma', 'eps'] as const;

export interface Adam extends AdamHyperparameters {}

/**
 * Adam (Kingma & Ba, 2015): m += (1−beta1)(g−m); v += (1−beta2)(g²−v);
 * p −= eta·(alphaT·m/(√v+eps) + weightDecayRate·p), alphaT = alpha·√(1−beta2ᵗ)/(1−beta1ᵗ). Follows
 * chainer.optimizers.Adam. `new Adam({ lr: 0.01 })` passes arguments by name; there `lr` is another name of `alpha`.
 */
export class Adam extends Optimizer<AdamHyperparameters> {
  constructor(alpha?: number, beta1?: number, beta2?: number, eps?: number, options?: AdamOptions);
  constructor(hyperparameters: NamedAdamHyperparameters);
  constructor(...given: readonly unknown[]) {
    const defaults = { ...DEFAULTS, amsgrad: false, adabound: false };
    const { amsgrad, adabound, ...values } = hyperparametersOf(new.target.name, defaults, ORDER, given);
    super(algorithm(amsgrad, adabound), values);
  }

  /** The corrected step size of the last update, which `observeLr` logs. Setting it sets `alpha`. */
  get lr(): number {
    return correctedAlpha(this.hyperparam.inForce, Math.max(1, this.t));
  }

  /** Sets `alpha`. */
  set lr(alpha: number) {
    this.alpha = alpha;
  }
}

/** Options of Adam's relatives, after their positional hyperparameters. */
export type AdamRelativeOptions = Omit<AdamOptions, 'amsgrad' | 'adabound'>;

/** Adam with decoupled weight decay (Loshchilov & Hutter, 2019). Follows chainer.optimizers.AdamW. */
export class AdamW extends Adam {
  constructor(alpha?: number, beta1?: number, beta2?: number, eps?: number, options?: AdamRelativeOptions);
  constructor(hyperparameters: NamedHyperparameters<AdamHyperparameters>);
  constructor(...given: readonly unknown[]) {
    super(hyperparametersOf(new.target.name, DEFAULTS, ORDER, given));
  }
}

/** Adam that divides by the largest second moment so far (Reddi et al., 2018). Follows chainer.optimizers.AMSGrad. */
export class AMSGrad extends Adam {
  constructor(alpha?: number, beta1?: number, beta2?: number, eps?: number, options?: AdamRelativeOptions);
  constructor(hyperparameters: NamedHyperparameters<AdamHyperparameters>);
  constructor(...given: readonly unknown[]) {
    super({ ...hyperparametersOf(new.target.name, DEFAULTS, ORDER, given), amsgrad: true });
  }
}

/** The positional hyperparameters of {@link AdaBound} and {@link AMSBound}. */
type BoundedPlaces = [
  alpha?: number,
  beta1?: number,
  beta2?: number,
  finalLr?: number,
  gamma?: number,
  eps?: number,
  options?: AdamRelativeOptions,
];

/** Adam with bounds of the step sizes that converge to one rate (Luo et al., 2019). Follows chainer.optimizers.AdaBound. */
export class AdaBound extends Adam {
  constructor(...places: BoundedPlaces);
  constructor(hyperparameters: NamedHyperparameters<AdamHyperparameters>);
  constructor(...given: readonly unknown[]) {
    super({ ...hyperparametersOf(new.target.name, DEFAULTS, BOUNDED_ORDER, given), adabound: true });
  }
}

/** {@link AMSGrad} and {@link AdaBound} together. Follows chainer.optimizers.AMSBound. */
export class AMSBound extends Adam {
  constructor(...places: BoundedPlaces);
  constructor(hyperparameters: NamedHyperparameters<AdamHyperparameters>);
  constructor(...given: readonly unknown[]) {
    super({ ...hyperparametersOf(new.target.name, DEFAULTS, BOUNDED_ORDER, given), amsgrad: true, adabound: true });
  }
}
