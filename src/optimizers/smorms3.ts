import { hyperparametersOf, type NamedHyperparameters } from './hyperparameters.js';
import { Optimizer } from './optimizer.js';
import type { Algorithm } from './update-rule.js';

/** Hyperparameters of {@link SMORMS3}. */
export interface SMORMS3Hyperparameters {
  /** The largest step. Default 0.001. */
  lr: number;
  /** The number that keeps denominators from zero. Default 1e-16. */
  eps: number;
}

const ALGORITHM: Algorithm<SMORMS3Hyperparameters> = {
  primitive: 'smorms3',
  states: { mem: 1, g: 0, g2: 0 },
  numbers: ({ lr, eps }) => [lr, eps],
};

export interface SMORMS3 extends SMORMS3Hyperparameters {}

/** Simon Funk's SMORMS3 ("RMSprop loses to SMORMS3", 2015). Follows chainer.optimizers.SMORMS3. */
export class SMORMS3 extends Optimizer<SMORMS3Hyperparameters> {
  constructor(lr?: number, eps?: number);
  constructor(hyperparameters: NamedHyperparameters<SMORMS3Hyperparameters>);
  constructor(...given: readonly unknown[]) {
    const defaults = { lr: 0.001, eps: 1e-16 };
    super(ALGORITHM, hyperparametersOf(new.target.name, defaults, ['lr', 'eps'], given));
  }
}
