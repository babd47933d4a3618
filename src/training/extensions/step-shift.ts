import { checkNumbers } from '../../options.js';
import { BoundedShift, type BoundedShiftOptions } from './bounded-shift.js';

/**
 * Multiplies a hyperparameter by `gamma` every `step` invocations: init·gamma^⌊t/step⌋. Follows
 * chainer.training.extensions.StepShift.
 */
export class StepShift extends BoundedShift {
  override readonly defaultName = 'StepShift';

  constructor(attr: string, gamma: number, step: number, options: BoundedShiftOptions = {}) {
    checkNumbers('StepShift', { gamma, step });
    super(attr, gamma > 1, (init, t) => init * gamma ** Math.floor(t / step), options);
  }
}
