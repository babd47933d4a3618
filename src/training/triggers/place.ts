/** The position of a training at a trigger's last question. Triggers that fire at points compare with it. */
import type { Serializer } from '../../core/serializer.js';
import { unlessMissing } from '../../core/stored.js';
import { ValueError } from '../../errors.js';
import type { Progress, Unit } from '../trigger.js';

/** A position in a training, in epochs or iterations. */
export class Place {
  #iteration: number | null = 0;
  #epochDetail: number | null = 0;

  constructor(readonly unit: Unit) {
    if (unit !== 'epoch' && unit !== 'iteration')
      throw new ValueError(`trigger: unit '${unit}' is not 'epoch' or 'iteration'`);
  }

  /**
   * The position at the last question and the current one, which replaces it. If the last position is unknown, because a file does not
   * have it, the position before the last update stands in.
   */
  advance({ updater }: Progress): [before: number, now: number] {
    const [before, now] =
      this.unit === 'epoch'
        ? [this.#epochDetail ?? updater.previousEpochDetail ?? 0, updater.epochDetail]
        : [this.#iteration ?? updater.iteration - 1, updater.iteration];
    this.#iteration = updater.iteration;
    this.#epochDetail = updater.epochDetail;
    return [before, now];
  }

  /** Reads or writes the position, under Chainer's names. */
  serialize(serializer: Serializer): void {
    this.#iteration = unlessMissing(serializer, 'previous_iteration', this.#iteration, null);
    this.#epochDetail = unlessMissing(serializer, 'previous_epoch_detail', this.#epochDetail, null);
  }
}
