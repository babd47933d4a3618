import type { Serializer } from '../../core/serializer.js';
import { DictSummary } from '../../core/summary.js';
import { KeyError } from '../../errors.js';
import { getTrigger, type Progress, type Trigger, type TriggerLike } from '../trigger.js';

/**
 * Fires when the mean of a reported value over an interval is better than all means before; follows
 * chainer.training.triggers.BestValueTrigger.
 */
export class BestValueTrigger implements Trigger {
  readonly #key: string;
  readonly #isBetter: (best: number, value: number) => boolean;
  readonly #interval: Trigger;
  readonly #summary = new DictSummary();
  #best: number | null = null;

  /**
   * @param key the reported value, such as `validation/main/loss`
   * @param compare (best so far, new) ↦ whether the new one is better
   * @param trigger when means are compared. Default every epoch.
   */
  constructor(key: string, compare: (best: number, value: number) => boolean, trigger: TriggerLike = [1, 'epoch']) {
    this.#key = key;
    this.#isBetter = compare;
    this.#interval = getTrigger(trigger);
  }

  /** The best mean so far; null before the first. */
  get bestValue(): number | null {
    return this.#best;
  }

  /** @throws KeyError if the value was never reported in the interval. */
  async fires(progress: Progress): Promise<boolean> {
    const key = this.#key;
    if (key in progress.observation) this.#summary.add({ [key]: progress.observation[key] });
    if (!(await this.#interval.fires(progress))) return false;
    const { [key]: value } = await this.#summary.computeMean();
    this.#summary.clear();
    if (value === undefined) throw new KeyError(`BestValueTrigger: '${key}' was not reported`);
    if (this.#best !== null && !this.#isBetter(this.#best, value)) return false;
    this.#best = value;
    return true;
  }

  serialize(serializer: Serializer): void {
    this.#interval.serialize?.(serializer.child('interval_trigger'));
    this.#summary.serialize(serializer.child('summary'));
    this.#best = serializer.value('best_value', this.#best);
  }
}

/** Fires when the mean of a value is larger than ever before; follows chainer.training.triggers.MaxValueTrigger. */
export class MaxValueTrigger extends BestValueTrigger {
  constructor(key: string, trigger: TriggerLike = [1, 'epoch']) {
    super(key, (best, value) => value > best, trigger);
  }
}

/** Fires when the mean of a value is smaller than ever before; follows chainer.training.triggers.MinValueTrigger. */
export class MinValueTrigger extends BestValueTrigger {
  constructor(key: string, trigger: TriggerLike = [1, 'epoch']) {
    super(key, (best, value) => value < best, trigger);
  }
}
