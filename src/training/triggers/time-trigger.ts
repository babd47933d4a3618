import type { Serializer } from '../../core/serializer.js';
import { ValueError } from '../../errors.js';
import { inWords } from '../../options.js';
import { Described, made } from '../../printing.js';
import type { Progress, Trigger } from '../trigger.js';

/** Fires after every `period` seconds of training; follows chainer.training.triggers.TimeTrigger. */
export class TimeTrigger extends Described implements Trigger {
  readonly #period: number;
  #nextTime: number;

  constructor(period: number) {
    super();
    if (typeof period !== 'number' || !(period > 0))
      throw new ValueError(`TimeTrigger: period is ${inWords(period)}, expected a positive number of seconds`);
    this.#period = period;
    this.#nextTime = period;
  }

  fires({ elapsedTime }: Progress): boolean {
    if (elapsedTime <= this.#nextTime) return false;
    this.#nextTime += this.#period;
    return true;
  }

  serialize(serializer: Serializer): void {
    this.#nextTime = serializer.value('next_time', this.#nextTime);
  }

  /** @internal */
  override [made](): Readonly<Record<string, unknown>> {
    return { period: this.#period };
  }
}
