import { hyperparametersOf, type NamedHyperparameters } from './hyperparameters.js';
import { Optimizer } from './optimizer.js';
import type { Algorithm } from './update-rule.js';

/** Hyperparameters of {@link RMSprop}. */
export interface RMSpropHyperparameters {
  /** Learning rate. Default 0.01. */
  lr: number;
  /** Decay of the mean of squares. Default 0.99. */
  alpha: number;
  /** The number that keeps the denominator from zero. Default 1e-8. */
  eps: number;
  /** Whether to add eps inside the root instead of to the root. Default false. */
  epsInsideSqrt: boolean;
}

const RMSPROP: Algorithm<RMSpropHyperparameters> = {
  primitive: 'rmsProp',
  states: { ms: 0 },
  numbers: ({ lr, alpha, eps, epsInsideSqrt }) => [lr, alpha, epsInsideSqrt ? eps : 0, epsInsideSqrt ? 0 : eps],
};

export interface RMSprop extends RMSpropHyperparameters {}

/** RMSprop (Tieleman & Hinton, 2012): ms = alpha·ms + (1−alpha)·g²; p −= lr·g/(√ms + eps). Follows chainer.optimizers.RMSprop. */
export class RMSprop extends Optimizer<RMSpropHyperparameters> {
  constructor(lr?: number, alpha?: number, eps?: number, options?: { epsInsideSqrt?: boolean });
  constructor(hyperparameters: NamedHyperparameters<RMSpropHyperparameters>);
  constructor(...given: readonly unknown[]) {
    const defaults = { lr: 0.01, alpha: 0.99, eps: 1e-8, epsInsideSqrt: false };
    super(RMSPROP, hyperparametersOf(new.target.name, defaults, ['lr', 'alpha', 'eps'], given));
  }
}

/** Hyperparameters of {@link RMSpropGraves}. */
export interface RMSpropGravesHyperparameters {
  /** Learning rate. Default 0.0001. */
  lr: number;
  /** Decay of the means. Default 0.95. */
  alpha: number;
  /** The factor of the previous step. Default 0.9. */
  momentum: number;
  /** The number added inside the root. Default 0.0001. */
  eps: number;
}

const RMSPROP_GRAVES: Algorithm<RMSpropGravesHyperparameters> = {
  primitive: 'rmsPropGraves',
  states: { n: 0, g: 0, delta: 0 },
  numbers: ({ lr, alpha, momentum, eps }) => [lr, alpha, momentum, eps],
};

export interface RMSpropGraves extends RMSpropGravesHyperparameters {}

/**
 * RMSprop with a centred second moment and momentum (Graves, "Generating sequences with recurrent neural networks", 2013).
 * Follows chainer.optimizers.RMSpropGraves.
 */
export class RMSpropGraves extends Optimizer<RMSpropGravesHyperparameters> {
  constructor(lr?: number, alpha?: number, momentum?: number, eps?: number);
  constructor(hyperparameters: NamedHyperparameters<RMSpropGravesHyperparameters>);
  constructor(...given: readonly unknown[]) {
    const defaults = { lr: 0.0001, alpha: 0.95, momentum: 0.9, eps: 0.0001 };
    super(RMSPROP_GRAVES, hyperparametersOf(new.target.name, defaults, ['lr', 'alpha', 'momentum', 'eps'], given));
  }
}
