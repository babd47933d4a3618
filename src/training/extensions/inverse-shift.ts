import { ValueError } from '../../errors.js';
import { checkNumbers } from '../../options.js';
import { BoundedShift, type BoundedShiftOptions } from './bounded-shift.js';

/**
 * Lets a hyperparameter fall as init·(1 + gamma·t)^−power. Follows chainer.training.extensions.InverseShift.
 *
 * @throws ValueError if gamma is negative.
 */
export class InverseShift extends BoundedShift {
  override readonly defaultName = 'InverseShift';

  constructor(attr: string, gamma: number, power: number, options: BoundedShiftOptions = {}) {
    checkNumbers('InverseShift', { gamma, power });
    if (gamma < 0) throw new ValueError(`InverseShift: gamma ${gamma} is negative`);
    super(attr, power < 0, (init, t) => init * (1 + gamma * t) ** -power, options);
  }
}
