import { putInto } from '../../core/reporter.js';
import type { Serializer } from '../../core/serializer.js';
import { partUnlessMissing } from '../../core/stored.js';
import { readObservation } from '../../core/summary.js';
import { Extension, PRIORITY_EDITOR } from '../extension.js';
import { getTrigger } from '../get-trigger.js';
import type { Trainer } from '../trainer.js';
import type { Trigger, TriggerLike } from '../trigger.js';
import { UnreportedNames } from '../unreported-names.js';

/**
 * Observes Σ numerator / Σ denominator of two reported values over an interval, such as right answers over all answers for batches that
 * differ in size. Follows chainer.training.extensions.MicroAverage.
 */
export class MicroAverage extends Extension {
  override readonly defaultName = 'MicroAverage';
  override readonly priority = PRIORITY_EDITOR;
  readonly #keys: readonly [numerator: string, denominator: string, result: string];
  readonly #interval: Trigger;
  readonly #unreported: UnreportedNames;
  #numerator = 0;
  #denominator = 0;

  constructor(numeratorKey: string, denominatorKey: string, resultKey: string, trigger: TriggerLike = [1, 'epoch']) {
    super();
    this.#keys = [numeratorKey, denominatorKey, resultKey];
    this.#interval = getTrigger(trigger);
    this.#unreported = new UnreportedNames('MicroAverage', [numeratorKey, denominatorKey]);
  }

  override async invoke(trainer: Trainer): Promise<void> {
    const { observation } = trainer;
    const [numerator, denominator, result] = this.#keys;
    this.#unreported.note(observation);
    if (!Object.hasOwn(observation, numerator) || !Object.hasOwn(observation, denominator)) return;
    const values = await readObservation({
      [numerator]: observation[numerator],
      [denominator]: observation[denominator],
    });
    this.#numerator += values[numerator];
    this.#denominator += values[denominator];
    if (!(await this.#interval.fires(trainer))) return;
    putInto(observation, result, this.#numerator / this.#denominator);
    this.#numerator = 0;
    this.#denominator = 0;
  }

  /** Warns of values that were never reported. */
  override finalize(): void {
    this.#unreported.warn();
  }

  override serialize(serializer: Serializer): void {
    this.#numerator = serializer.value('_numerator', this.#numerator);
    this.#denominator = serializer.value('_denominator', this.#denominator);
    partUnlessMissing(() => this.#interval.serialize?.(serializer.child('_trigger')));
  }
}
