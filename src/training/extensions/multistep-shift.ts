import type { Serializer } from '../../core/serializer.js';
import { ValueError } from '../../errors.js';
import { checkFinite, inWords } from '../../options.js';
import type { Trainer } from '../trainer.js';
import { HyperparameterShift, type ShiftOptions } from './hyperparameter-shift.js';

/**
 * Multiplies a hyperparameter by `gamma` at each of several counts: init·gammaᵏ after k of them. One invocation passes at most one
 * count. Follows chainer.training.extensions.MultistepShift.
 */
export class MultistepShift extends HyperparameterShift {
  override readonly defaultName = 'MultistepShift';
  readonly #gamma: number;
  readonly #steps: readonly number[];
  #init: number | null;
  #passed = 0;

  /**
   * @param stepValue the counts, ascending
   * @param init the first value. Default null: the optimizer's value.
   */
  constructor(
    attr: string,
    gamma: number,
    stepValue: readonly number[],
    init: number | null = null,
    options: ShiftOptions = {},
  ) {
    checkFinite('MultistepShift', 'gamma', gamma);
    if (!Array.isArray(stepValue))
      throw new ValueError(`MultistepShift: stepValue is ${inWords(stepValue)}, expected a list of counts`);
    super(attr, options);
    for (const count of stepValue) checkFinite('MultistepShift', 'a count of stepValue', count);
    if (init !== null) checkFinite('MultistepShift', 'init', init);
    this.#gamma = gamma;
    this.#steps = stepValue;
    this.#init = init;
  }

  protected override begin(current: number): void {
    this.#init ??= current;
  }

  protected override valueNow(): number | null {
    return this.#init === null ? null : this.#init * this.#gamma ** this.#passed;
  }

  /** Passes at most one count, and sets the value. */
  override invoke(trainer: Trainer): void {
    if (this.#passed < this.#steps.length && this.t + 1 >= this.#steps[this.#passed]) this.#passed++;
    super.invoke(trainer);
  }

  /** Reads or writes the count of invocations, and the number of counts that it has passed. */
  override serialize(serializer: Serializer): void {
    super.serialize(serializer);
    this.#passed = serializer.value('_current_step', this.#passed);
  }
}
