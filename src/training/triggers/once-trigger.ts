import type { Serializer } from '../../core/serializer.js';
import { unlessMissing } from '../../core/stored.js';
import { Described } from '../../printing.js';
import type { Trigger } from '../trigger.js';

/** Fires after the first iteration, and with `callOnResume` once more in a resumed training; follows Chainer's OnceTrigger. */
export class OnceTrigger extends Described implements Trigger {
  #isFirst = true;
  #isResumed: boolean;

  constructor(callOnResume = false) {
    super();
    this.#isResumed = callOnResume;
  }

  get finished(): boolean {
    return !(this.#isFirst || this.#isResumed);
  }

  fires(): boolean {
    const fires = !this.finished;
    this.#isFirst = false;
    this.#isResumed = false;
    return fires;
  }

  serialize(serializer: Serializer): void {
    this.#isFirst = unlessMissing(serializer, '_flag_first', this.#isFirst, false);
  }
}
