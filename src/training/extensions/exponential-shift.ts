import { ValueError } from '../../errors.js';
import { checkFinite } from '../../options.js';
import { BoundedShift, type BoundedShiftOptions } from './bounded-shift.js';

/**
 * Multiplies a hyperparameter by `rate` at each invocation: init·rateᵗ. Follows
 * chainer.training.extensions.ExponentialShift.
 *
 * @throws ValueError if the rate is negative.
 */
export class ExponentialShift extends BoundedShift {
  override readonly defaultName = 'ExponentialShift';

  constructor(attr: string, rate: number, options: BoundedShiftOptions = {}) {
    checkFinite('ExponentialShift', 'rate', rate);
    if (rate < 0) throw new ValueError(`ExponentialShift: rate ${rate} is negative`);
    super(attr, rate > 1, (init, t) => init * rate ** t, options);
  }
}
