import { hyperparametersOf, type NamedHyperparameters } from './hyperparameters.js';
import { Optimizer } from './optimizer.js';
import type { Algorithm } from './update-rule.js';

/** Hyperparameters of {@link MSVAG}. */
export interface MSVAGHyperparameters {
  /** Learning rate. Default 0.1. */
  lr: number;
  /** Decay of both moments. Default 0.9. */
  beta: number;
  /** Factor of the whole step. Default 1. */
  eta: number;
  /** Decoupled weight decay: p −= eta·rate·p. Default 0. */
  weightDecayRate: number;
}

/** At the first update the variance is unknown (rho = 1); this keeps its estimate finite. */
const LARGEST_RHO = 0.9999;

const ALGORITHM: Algorithm<MSVAGHyperparameters> = {
  primitive: 'msvag',
  states: { m: 0, v: 0 },
  numbers({ lr, beta, eta, weightDecayRate }, t) {
    const decayed = beta ** t;
    const rho = ((1 - beta) ** 2 * (1 - decayed ** 2)) / ((1 - decayed) ** 2 * (1 - beta ** 2));
    return [lr, 1 - beta, 1 - decayed, Math.min(rho, LARGEST_RHO), eta, weightDecayRate];
  },
};

export interface MSVAG extends MSVAGHyperparameters {}

/**
 * M-SVAG: momentum whose step shrinks with each element's estimated variance (Balles & Hennig, "Dissecting Adam", 2018).
 * Follows chainer.optimizers.MSVAG.
 */
export class MSVAG extends Optimizer<MSVAGHyperparameters> {
  constructor(lr?: number, beta?: number, options?: { eta?: number; weightDecayRate?: number });
  constructor(hyperparameters: NamedHyperparameters<MSVAGHyperparameters>);
  constructor(...given: readonly unknown[]) {
    const defaults = { lr: 0.1, beta: 0.9, eta: 1, weightDecayRate: 0 };
    super(ALGORITHM, hyperparametersOf(new.target.name, defaults, ['lr', 'beta'], given));
  }
}
