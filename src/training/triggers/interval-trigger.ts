import type { Serializer } from '../../core/serializer.js';
import { ValueError } from '../../errors.js';
import { inWords } from '../../options.js';
import { Described } from '../../printing.js';
import type { Progress, Trigger, Unit } from '../trigger.js';
import { Place } from './place.js';

/** Python's a // b: the floor of the exact quotient. A rounded quotient can lie on the other side of a whole number, as 0.3 / 0.1 does. */
function floorDivide(a: number, b: number): number {
  const remainder = a % b;
  return Math.round((a - remainder) / b) - (remainder !== 0 && remainder < 0 !== b < 0 ? 1 : 0);
}

/**
 * Fires whenever another `period` epochs or iterations are complete: when `⌊now / period⌋` changes. A period of epochs may be a
 * fraction. Follows chainer.training.triggers.IntervalTrigger.
 */
export class IntervalTrigger extends Described implements Trigger {
  readonly #place: Place;

  constructor(
    /** The number of units between two firings. */
    readonly period: number,
    /** The unit: epochs or iterations. */
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
