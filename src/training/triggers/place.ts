/** Where a training was when a trigger was last asked: what the triggers that watch points go by compare with. */
import type { Serializer } from '../../core/serializer.js';
import { unlessMissing } from '../../core/stored.js';
import { ValueError } from '../../errors.js';
import type { Progress, Unit } from '../trigger.js';

/** The place a training has come to since the last question, in epochs or iterations. */
export class Place {
  #iteration: number | null = 0;
  #epochDetail: number | null = 0;

  constructor(readonly unit: Unit) {
    if (unit !== 'epoch' && unit !== 'iteration')
      throw new ValueError(`trigger: unit '${unit}' is not 'epoch' or 'iteration'`);
  }

  /**
   * The last place and the present one, which becomes the last. Where the last is unknown, because a file did not have it,
   * it is the one before the last update.
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

  /** Reads or writes the last place, under Chainer's names. */
  serialize(serializer: Serializer): void {
    this.#iteration = unlessMissing(serializer, 'previous_iteration', this.#iteration, null);
    this.#epochDetail = unlessMissing(serializer, 'previous_epoch_detail', this.#epochDetail, null);
  }
}
