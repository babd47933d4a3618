/** The base class of shifts that follow a formula from a first value and stop at a target. */
import type { Serializer } from '../../core/serializer.js';
import { checkFinite } from '../../options.js';
import { HyperparameterShift, SHIFT_OPTIONS, type ShiftOptions } from './hyperparameter-shift.js';

/** Options of shifts with a first value and a target. */
export interface BoundedShiftOptions extends ShiftOptions {
  /** The first value. Default: the optimizer's value. */
  init?: number | null;
  /** The value at which it stops. Default null: it does not stop. */
  target?: number | null;
}

/** Sets the first value, and then the formula's value at each count, never beyond the target. */
export abstract class BoundedShift extends HyperparameterShift {
  readonly #rises: boolean;
  readonly #formula: (init: number, t: number) => number;
  readonly #target: number | null;
  #init: number | null;

  /**
   * @param rises whether values move away from zero
   * @param formula (init, t) ↦ the value at count t
   */
  constructor(
    attr: string,
    rises: boolean,
    formula: (init: number, t: number) => number,
    options: BoundedShiftOptions,
  ) {
    super(attr, options, { ...SHIFT_OPTIONS, init: null, target: null });
    const { init = null, target = null } = options;
    for (const [name, value] of Object.entries({ init, target }))
      if (value !== null) checkFinite(new.target.name, name, value);
    this.#rises = rises;
    this.#formula = formula;
    this.#init = init;
    this.#target = target;
  }

  protected override begin(current: number): void {
    this.#init ??= current;
  }

  protected override valueNow(): number | null {
    const [init, target] = [this.#init, this.#target];
    if (init === null || this.t === 0) return init;
    const value = this.#formula(init, this.t);
    // As a ratio, so that it holds for negative values too.
    const isBeyond = target !== null && (this.#rises ? value / target > 1 : value / target < 1);
    return isBeyond ? target : value;
  }

  /** Writes the last value too, as Chainer does, although it follows from the count. */
  override serialize(serializer: Serializer): void {
    super.serialize(serializer);
    serializer.value('_last_value', this.valueNow());
  }
}
