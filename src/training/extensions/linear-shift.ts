import type { Serializer } from '../../core/serializer.js';
import { ValueError } from '../../errors.js';
import { checkFinite, inWords } from '../../options.js';
import { HyperparameterShift, type ShiftOptions } from './hyperparameter-shift.js';

/**
 * Moves a hyperparameter linearly from one value to another between two counts. Before and after, it has the value of that end.
 * Follows chainer.training.extensions.LinearShift.
 */
export class LinearShift extends HyperparameterShift {
  override readonly defaultName = 'LinearShift';
  readonly #values: readonly [from: number, to: number];
  readonly #times: readonly [from: number, to: number];

  constructor(
    attr: string,
    valueRange: readonly [from: number, to: number],
    timeRange: readonly [from: number, to: number],
    options: ShiftOptions = {},
  ) {
    super(attr, options);
    checkPair('valueRange', valueRange);
    checkPair('timeRange', timeRange);
    this.#values = valueRange;
    this.#times = timeRange;
  }

  protected override valueNow(): number {
    const [v1, v2] = this.#values;
    const [t1, t2] = this.#times;
    if (this.t <= t1) return v1;
    if (this.t >= t2) return v2;
    return v1 + ((this.t - t1) / (t2 - t1)) * (v2 - v1);
  }

  /** Writes the last value too, as Chainer does, although it follows from the count. */
  override serialize(serializer: Serializer): void {
    super.serialize(serializer);
    serializer.value('_last_value', this.valueNow());
  }
}

function checkPair(name: string, pair: readonly [number, number]): void {
  if (!Array.isArray(pair) || pair.length !== 2)
    throw new ValueError(`LinearShift: ${name} is ${inWords(pair)}, expected two numbers [from, to]`);
  for (const value of pair) checkFinite('LinearShift', name, value);
}
