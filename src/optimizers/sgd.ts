import { hyperparametersOf, type NamedHyperparameters } from './hyperparameters.js';
import { Optimizer } from './optimizer.js';
import type { Algorithm } from './update-rule.js';

/** Hyperparameters of {@link SGD}. */
export interface SGDHyperparameters {
  /** Learning rate. Default 0.01. */
  lr: number;
}

const ALGORITHM: Algorithm<SGDHyperparameters> = {
  primitive: 'sgd',
  states: {},
  numbers: ({ lr }) => [lr],
};

export interface SGD extends SGDHyperparameters {}

/** Gradient descent: p −= lr·g. Follows chainer.optimizers.SGD. */
export class SGD extends Optimizer<SGDHyperparameters> {
  constructor(lr?: number);
  constructor(hyperparameters: NamedHyperparameters<SGDHyperparameters>);
  constructor(...given: readonly unknown[]) {
    const defaults = { lr: 0.01 };
    super(ALGORITHM, hyperparametersOf(new.target.name, defaults, ['lr'], given));
  }
}
