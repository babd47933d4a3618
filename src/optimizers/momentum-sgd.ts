import { hyperparametersOf, type NamedHyperparameters } from './hyperparameters.js';
import { Optimizer } from './optimizer.js';
import type { Algorithm } from './update-rule.js';

/** Hyperparameters of the optimizers with momentum. */
export interface MomentumHyperparameters {
  /** Learning rate. Default 0.01. */
  lr: number;
  /** The factor of the previous velocity. Default 0.9. */
  momentum: number;
}

/** The algorithm of a primitive with one velocity and the numbers (lr, momentum). */
const withMomentum = (
  primitive: 'momentumSgd' | 'correctedMomentumSgd' | 'nesterovAg',
): Algorithm<MomentumHyperparameters> => ({
  primitive,
  states: { v: 0 },
  numbers: ({ lr, momentum }) => [lr, momentum],
});

const MOMENTUM_SGD = withMomentum('momentumSgd');
const CORRECTED_MOMENTUM_SGD = withMomentum('correctedMomentumSgd');
const NESTEROV_AG = withMomentum('nesterovAg');

export interface MomentumSGD extends MomentumHyperparameters {}

/** Gradient descent with momentum: v = momentum·v − lr·g; p += v. Follows chainer.optimizers.MomentumSGD. */
export class MomentumSGD extends Optimizer<MomentumHyperparameters> {
  constructor(lr?: number, momentum?: number);
  constructor(hyperparameters: NamedHyperparameters<MomentumHyperparameters>);
  constructor(...given: readonly unknown[]) {
    const defaults = { lr: 0.01, momentum: 0.9 };
    super(MOMENTUM_SGD, hyperparametersOf(new.target.name, defaults, ['lr', 'momentum'], given));
  }
}

export interface CorrectedMomentumSGD extends MomentumHyperparameters {}

/**
 * Momentum whose velocity does not contain the learning rate, so that a new learning rate acts at once: v = momentum·v − g;
 * p += lr·v. Follows chainer.optimizers.CorrectedMomentumSGD.
 */
export class CorrectedMomentumSGD extends Optimizer<MomentumHyperparameters> {
  constructor(lr?: number, momentum?: number);
  constructor(hyperparameters: NamedHyperparameters<MomentumHyperparameters>);
  constructor(...given: readonly unknown[]) {
    const defaults = { lr: 0.01, momentum: 0.9 };
    super(CORRECTED_MOMENTUM_SGD, hyperparametersOf(new.target.name, defaults, ['lr', 'momentum'], given));
  }
}

export interface NesterovAG extends MomentumHyperparameters {}

/**
 * Nesterov's accelerated gradient (Bengio et al., 2013): v = momentum·v − lr·g; p += momentum²·v − (1+momentum)·lr·g. Follows
 * chainer.optimizers.NesterovAG.
 */
export class NesterovAG extends Optimizer<MomentumHyperparameters> {
  constructor(lr?: number, momentum?: number);
  constructor(hyperparameters: NamedHyperparameters<MomentumHyperparameters>);
  constructor(...given: readonly unknown[]) {
    const defaults = { lr: 0.01, momentum: 0.9 };
    super(NESTEROV_AG, hyperparametersOf(new.target.name, defaults, ['lr', 'momentum'], given));
  }
}
