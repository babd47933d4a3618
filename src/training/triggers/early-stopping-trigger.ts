import type { Serializer } from '../../core/serializer.js';
import { unlessMissing } from '../../core/stored.js';
import { DictSummary } from '../../core/summary.js';
import { ValueError } from '../../errors.js';
import { checkOptions, inWords } from '../../options.js';
import { Described, made } from '../../printing.js';
import { getTrigger } from '../get-trigger.js';
import type { Progress, Trigger, TriggerLike, Unit } from '../trigger.js';
import { UnreportedNames } from '../unreported-names.js';

/** Options of {@link EarlyStoppingTrigger}. */
export interface EarlyStoppingOptions {
  /** When it compares the value. Default: every epoch. */
  checkTrigger?: TriggerLike;
  /** The reported value that it watches. Default `main/loss`. */
  monitor?: string;
  /** The number of comparisons in a row without a better value that stop the training. Default 3. */
  patience?: number;
  /** Whether a better value is smaller or larger; `auto`, the default: larger if its name contains `accuracy`. */
  mode?: 'min' | 'max' | 'auto';
  /** When the training ends at the latest. Default: after 100 epochs. */
  maxTrigger?: TriggerLike;
}

/** The names of {@link EarlyStoppingOptions}. */
const OPTIONS: Readonly<Record<keyof EarlyStoppingOptions, unknown>> = {
  checkTrigger: null,
  monitor: null,
  patience: null,
  mode: null,
  maxTrigger: null,
};

/**
 * Stops a training whose value stops improving: fires when, for `patience` checks in a row, the value's mean since the previous
 * check was not better than the best. Follows chainer.training.triggers.EarlyStoppingTrigger.
 */
export class EarlyStoppingTrigger extends Described implements Trigger {
  readonly #monitor: string;
  readonly #patience: number;
  readonly #sign: 1 | -1;
  readonly #check: Trigger;
  readonly #max: Trigger;
  readonly #summary = new DictSummary();
  readonly #unreported: UnreportedNames;
  #best: number;
  #count = 0;

  constructor(options: EarlyStoppingOptions = {}) {
    super();
    checkOptions('EarlyStoppingTrigger', options, OPTIONS);
    const {
      checkTrigger = [1, 'epoch'],
      monitor = 'main/loss',
      patience = 3,
      mode = 'auto',
      maxTrigger = [100, 'epoch'],
    } = options;
    if (!Number.isInteger(patience) || patience < 1)
      throw new ValueError(`EarlyStoppingTrigger: patience is ${inWords(patience)}, expected a positive integer`);
    if (mode !== 'min' && mode !== 'max' && mode !== 'auto')
      throw new ValueError(`EarlyStoppingTrigger: mode is ${inWords(mode)}, expected 'min', 'max' or 'auto'`);
    this.#monitor = monitor;
    this.#patience = patience;
    this.#sign = mode === 'max' || (mode === 'auto' && monitor.includes('accuracy')) ? 1 : -1;
    this.#best = -this.#sign * Number.POSITIVE_INFINITY;
    this.#check = getTrigger(checkTrigger);
    this.#max = getTrigger(maxTrigger);
    this.#unreported = new UnreportedNames('EarlyStoppingTrigger', [monitor]);
  }

  /** The number of checks in a row without a better value. */
  get count(): number {
    return this.#count;
  }

  /** The best value so far. */
  get best(): number {
    return this.#best;
  }

  async fires(progress: Progress): Promise<boolean> {
    const { observation } = progress;
    const monitor = this.#monitor;
    this.#unreported.note(observation);
    if (Object.hasOwn(observation, monitor)) this.#summary.add({ [monitor]: observation[monitor] });
    if (await this.#max.fires(progress)) return true;
    if (!(await this.#check.fires(progress))) return false;
    if (!Object.hasOwn(observation, monitor)) {
      this.#unreported.warn();
      return false;
    }
    const value = new Map(Object.entries(await this.#summary.computeMean())).get(monitor) ?? Number.NaN;
    this.#summary.clear();
    if (this.#sign * value > this.#sign * this.#best) {
      this.#best = value;
      this.#count = 0;
    } else this.#count++;
    return this.#count >= this.#patience;
  }

  trainingLength(): readonly [length: number, unit: Unit] {
    return this.#max.trainingLength?.() ?? [Number.POSITIVE_INFINITY, 'epoch'];
  }

  /** Reads or writes its state. Chainer's files do not have it; then it starts anew. */
  serialize(serializer: Serializer): void {
    this.#check.serialize?.(serializer.child('check_trigger'));
    this.#max.serialize?.(serializer.child('max_trigger'));
    this.#summary.serialize(serializer.child('summary'));
    this.#best = unlessMissing(serializer, 'best', this.#best, this.#best);
    this.#count = unlessMissing(serializer, 'count', this.#count, this.#count);
  }

  /** @internal */
  override [made](): Readonly<Record<string, unknown>> {
    return { monitor: this.#monitor, patience: this.#patience, checkTrigger: this.#check, maxTrigger: this.#max };
  }
}
