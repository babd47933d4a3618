/** Observations of values that no link reports: hyperparameters, and results of functions. */
import { putInto } from '../../core/reporter.js';
import { KeyError } from '../../errors.js';
import { type Extension, makeExtension, PRIORITY_WRITER } from '../extension.js';
import type { Trainer } from '../trainer.js';

/** Observes the result of a function every epoch; follows chainer.training.extensions.observe_value. */
export function observeValue(observationKey: string, targetFunc: (trainer: Trainer) => number): Extension {
  return makeExtension(
    { trigger: [1, 'epoch'], priority: PRIORITY_WRITER, defaultName: '_observe_value' },
    (trainer: Trainer) => {
      putInto(trainer.observation, observationKey, targetFunc(trainer));
    },
  );
}

/**
 * Observes an optimizer's learning rate every epoch. For Adam and its relatives that is the step size with the correction of the
 * moments' bias. Follows chainer.training.extensions.observe_lr. The extension throws KeyError if the optimizer has no `lr`.
 */
export function observeLr(optimizerName = 'main', observationKey = 'lr'): Extension {
  return observeValue(observationKey, ({ updater }) => {
    const optimizer = updater.getOptimizer(optimizerName);
    const lr: unknown = Reflect.get(optimizer, 'lr');
    if (typeof lr !== 'number') {
      const names = Object.keys(optimizer.hyperparam.snapshot()).join(', ');
      throw new KeyError(`observeLr: ${optimizer.constructor.name} has no 'lr'; it has ${names}`);
    }
    return lr;
  });
}
