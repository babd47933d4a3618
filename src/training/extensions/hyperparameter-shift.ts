/** The base class of extensions that change a hyperparameter over time. */
import type { Serializer } from '../../core/serializer.js';
import type { Optimizer } from '../../optimizers/optimizer.js';
import { checkFinite, checkOptions } from '../../options.js';
import { Extension } from '../extension.js';
import type { Trainer } from '../trainer.js';

/** Options of all shifts. */
export interface ShiftOptions {
  /** The optimizer whose hyperparameter changes. Default: the updater's `main`. */
  optimizer?: Optimizer | null;
}

/** The names of {@link ShiftOptions}. */
export const SHIFT_OPTIONS = { optimizer: null };

/** Sets a hyperparameter at the start and at each invocation, and counts the invocations. */
export abstract class HyperparameterShift extends Extension {
  readonly #attr: string;
  readonly #optimizer: Optimizer | null;
  /** The number of invocations so far. */
  protected t = 0;

  /** @param attr the hyperparameter's name, such as `lr`, which is also a name of Adam's `alpha` */
  constructor(attr: string, options: ShiftOptions, known: Readonly<Record<string, unknown>> = SHIFT_OPTIONS) {
    super();
    checkOptions<object>(new.target.name, options, known);
    const { optimizer = null } = options;
    this.#attr = attr;
    this.#optimizer = optimizer;
  }

  /** The value at the current count; null leaves the hyperparameter as it is. */
  protected abstract valueNow(): number | null;

  /** Takes note of the optimizer's value before anything is set. */
  protected begin(_current: number): void {}

  override initialize(trainer: Trainer): void {
    const optimizer = this.#optimizerOf(trainer);
    const { hyperparam } = optimizer;
    const current: unknown = Reflect.get(hyperparam.values, hyperparam.resolve(this.#attr));
    checkFinite(this.defaultName, this.#attr, current);
    this.begin(current);
    this.#set(optimizer);
  }

  override invoke(trainer: Trainer): void {
    this.t++;
    this.#set(this.#optimizerOf(trainer));
  }

  override serialize(serializer: Serializer): void {
    this.t = serializer.value('_t', this.t);
  }

  #optimizerOf(trainer: Trainer): Optimizer {
    return this.#optimizer ?? trainer.updater.getOptimizer('main');
  }

  #set(optimizer: Optimizer): void {
    const value = this.valueNow();
    if (value !== null) Reflect.set(optimizer.hyperparam.values, this.#attr, value);
  }
}
