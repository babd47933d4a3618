import type { Serializer } from '../../core/serializer.js';
import { DictSummary } from '../../core/summary.js';
import { Described, made } from '../../printing.js';
import { getTrigger } from '../get-trigger.js';
import type { Progress, Trigger, TriggerLike } from '../trigger.js';
import { UnreportedNames } from '../unreported-names.js';

/**
 * Fires when the mean of a reported value over an interval is better than all earlier means; follows
 * chainer.training.triggers.BestValueTrigger.
 */
export class BestValueTrigger extends Described implements Trigger {
  readonly #key: string;
  readonly #isBetter: (best: number, value: number) => boolean;
  readonly #interval: Trigger;
  readonly #summary = new DictSummary();
  readonly #unreported: UnreportedNames;
  #best: number | null = null;

  /**
   * @param key the reported value, such as `validation/main/loss`
   * @param compare (best so far, new) ↦ whether the new one is better
   * @param trigger when it compares means. Default: every epoch.
   */
  constructor(key: string, compare: (best: number, value: number) => boolean, trigger: TriggerLike = [1, 'epoch']) {
    super();
    this.#key = key;
    this.#isBetter = compare;
    this.#interval = getTrigger(trigger);
    this.#unreported = new UnreportedNames(new.target.name, [key]);
  }

  /** The best mean so far; null before the first. */
  get bestValue(): number | null {
    return this.#best;
  }

  /** If the value was not reported in the interval, it does not fire, and warns once. A mean that is NaN is never the best. */
  async fires(progress: Progress): Promise<boolean> {
    const key = this.#key;
    this.#unreported.note(progress.observation);
    if (Object.hasOwn(progress.observation, key)) this.#summary.add({ [key]: progress.observation[key] });
    if (!(await this.#interval.fires(progress))) return false;
    const value = new Map(Object.entries(await this.#summary.computeMean())).get(key);
    this.#summary.clear();
    if (value === undefined) {
      this.#unreported.warn();
      return false;
    }
    // Files of older versions may hold NaN as the best value.
    if (Number.isNaN(value)) return false;
    if (this.#best !== null && !Number.isNaN(this.#best) && !this.#isBetter(this.#best, value)) return false;
    this.#best = value;
    return true;
  }

  serialize(serializer: Serializer): void {
    this.#interval.serialize?.(serializer.child('interval_trigger'));
    this.#summary.serialize(serializer.child('summary'));
    this.#best = serializer.value('best_value', this.#best);
  }

  /** @internal */
  override [made](): Readonly<Record<string, unknown>> {
    return { key: this.#key, trigger: this.#interval };
  }
}

/** Fires when the mean of a value is larger than all earlier means; follows chainer.training.triggers.MaxValueTrigger. */
export class MaxValueTrigger extends BestValueTrigger {
  constructor(key: string, trigger: TriggerLike = [1, 'epoch']) {
    super(key, (best, value) => value > best, trigger);
  }
}

/** Fires when the mean of a value is smaller than all earlier means; follows chainer.training.triggers.MinValueTrigger. */
export class MinValueTrigger extends BestValueTrigger {
  constructor(key: string, trigger: TriggerLike = [1, 'epoch']) {
    super(key, (best, value) => value < best, trigger);
  }
}
