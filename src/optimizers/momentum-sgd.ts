import { Optimizer } from './optimizer.js';
import type { Algorithm } from './update-rule.js';

/** Hyperparameters of {@link MomentumSGD}. */
export interface MomentumSGDHyperparameters {
  /** Learning rate. Default 0.01. */
  lr: number;
  /** The share of the last step that is repeated. Default 0.9. */
  momentum: number;
}

const ALGORITHM: Algorithm<MomentumSGDHyperparameters> = {
  primitive: 'momentumSgd',
  states: ['v'],
  numbers: ({ lr, momentum }) => [lr, momentum],
};

/** Gradient descent with momentum: v = momentum·v − lr·g; p += v. Follows chainer.optimizers.MomentumSGD. */
export class MomentumSGD extends Optimizer<MomentumSGDHyperparameters> {
  constructor(lr = 0.01, momentum = 0.9) {
    super(ALGORITHM, { lr, momentum });
  }

  /** Learning rate. */
  get lr(): number {
    return this.hyperparam.values.lr;
  }

  set lr(lr: number) {
    this.hyperparam.values.lr = lr;
  }

  /** The share of the last step that is repeated. */
  get momentum(): number {
    return this.hyperparam.values.momentum;
  }

  set momentum(momentum: number) {
    this.hyperparam.values.momentum = momentum;
  }
}
