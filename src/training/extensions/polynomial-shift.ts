import { checkNumbers } from '../../options.js';
import { BoundedShift, type BoundedShiftOptions } from './bounded-shift.js';

/**
 * Lets a hyperparameter fall to zero in `maxCount` invocations: init·max(1 − t/maxCount, 0)^rate. Follows
 * chainer.training.extensions.PolynomialShift.
 */
export class PolynomialShift extends BoundedShift {
  override readonly defaultName = 'PolynomialShift';

  constructor(attr: string, rate: number, maxCount: number, options: BoundedShiftOptions = {}) {
    checkNumbers('PolynomialShift', { rate, maxCount });
    super(attr, rate <= 0, (init, t) => init * Math.max(1 - t / maxCount, 0) ** rate, options);
  }
}
