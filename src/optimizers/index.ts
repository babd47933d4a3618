/** Optimizers: how parameters follow their gradients. */
export { Adam, type AdamHyperparameters } from './adam.js';
export { Hyperparameters } from './hyperparameters.js';
export { MomentumSGD, type MomentumSGDHyperparameters } from './momentum-sgd.js';
export { Optimizer, type OptimizerHook, paramsWithGrad } from './optimizer.js';
export { SGD, type SGDHyperparameters } from './sgd.js';
export { type Algorithm, type UpdateHook, UpdateRule } from './update-rule.js';
