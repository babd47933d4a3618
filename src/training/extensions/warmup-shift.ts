import { checkFinite, checkNumbers } from '../../options.js';
import { HyperparameterShift, type ShiftOptions } from './hyperparameter-shift.js';

/**
 * Moves a hyperparameter from a small value to its proper one in the first `warmupIter` invocations, and then leaves it alone. Follows
 * chainer.training.extensions.WarmupShift.
 */
export class WarmupShift extends HyperparameterShift {
  override readonly defaultName = 'WarmupShift';
  readonly #iterations: number;
  readonly #init: number;
  #start: number | null;

  /**
   * @param warmupStart the first value. null: the optimizer's value.
   * @param init the value that it reaches
   */
  constructor(attr: string, warmupStart: number | null, warmupIter: number, init: number, options: ShiftOptions = {}) {
    checkNumbers('WarmupShift', { warmupIter, init });
    if (warmupStart !== null) checkFinite('WarmupShift', 'warmupStart', warmupStart);
    super(attr, options);
    this.#start = warmupStart;
    this.#iterations = warmupIter;
    this.#init = init;
  }

  protected override begin(current: number): void {
    this.#start ??= current;
  }

  protected override valueNow(): number | null {
    const [n, start] = [this.#iterations, this.#start];
    if (this.t > n || start === null) return null;
    return (this.t * this.#init + (n - this.t) * start) / n;
  }
}
