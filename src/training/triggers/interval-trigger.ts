import type { Serializer } from '../../core/serializer.js';
import { ValueError } from '../../errors.js';
import { inWords } from '../../options.js';
import { Described } from '../../printing.js';
import type { Progress, Trigger, Unit } from '../trigger.js';
import { Place } from './place.js';

/**
 * Python's a // b: the floor of the exact quotient. Dividing first would round 0.3 / 0.1 up or down to where the exact
 * quotient is not.
 */
function floorDivide(a: number, b: number): number {
  const remainder = a % b;
  return Math.round((a - remainder) / b) - (remainder !== 0 && remainder < 0 !== b < 0 ? 1 : 0);
}

/**
 * Fires whenever another `period` of epochs or iterations is complete: when `⌊now / period⌋` changes. A period of epochs may
 * be a fraction. Follows chainer.training.triggers.IntervalTrigger.
 */
export class IntervalTrigger extends Described implements Trigger {
  readonly #place: Place;

  constructor(
    /** How many units pass from one firing to the next. */
    readonly period: number,
    /** What is counted. */
    readonly unit: Unit,
  ) {
    super();
    if (typeof period !== 'number' || !(period > 0))
      throw new ValueError(`IntervalTrigger: period is ${inWords(period)}, expected a positive number`);
    this.#place = new Place(unit);
  }

  fires(progress: Progress): boolean {
    const [before, now] = this.#place.advance(progress);
    return floorDivide(before, this.period) !== floorDivide(now, this.period);
  }

  trainingLength(): [length: number, unit: Unit] {
    return [this.period, this.unit];
  }

  serialize(serializer: Serializer): void {
    this.#place.serialize(serializer);
  }
}
