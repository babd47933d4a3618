/** Optimizers, which update parameters by their gradients. */
export { AdaDelta, type AdaDeltaHyperparameters } from './ada-delta.js';
export { AdaGrad, type AdaGradHyperparameters } from './ada-grad.js';
export {
  AdaBound,
  Adam,
  type AdamHyperparameters,
  type AdamOptions,
  type AdamRelativeOptions,
  AdamW,
  AMSBound,
  AMSGrad,
  type NamedAdamHyperparameters,
} from './adam.js';
export { Hyperparameters, type NamedHyperparameters } from './hyperparameters.js';
export type { LossScalingOptions } from './loss-scale.js';
export { CorrectedMomentumSGD, type MomentumHyperparameters, MomentumSGD, NesterovAG } from './momentum-sgd.js';
export { MSVAG, type MSVAGHyperparameters } from './msvag.js';
export { Optimizer, type OptimizerHook, paramsWithGrad } from './optimizer.js';
export { RMSprop, RMSpropGraves, type RMSpropGravesHyperparameters, type RMSpropHyperparameters } from './rmsprop.js';
export { SGD, type SGDHyperparameters } from './sgd.js';
export { SMORMS3, type SMORMS3Hyperparameters } from './smorms3.js';
export { type Algorithm, type UpdateHook, UpdateRule } from './update-rule.js';
