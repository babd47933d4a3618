/** What the extensions that change a hyperparameter over time share: which one, of which optimizer, at which count. */
import type { Serializer } from '../../core/serializer.js';
import { KeyError } from '../../errors.js';
import type { Optimizer } from '../../optimizers/optimizer.js';
import { Extension } from '../extension.js';
import type { Trainer } from '../trainer.js';

/** Options of all shifts. */
export interface ShiftOptions {
  /** The optimizer whose hyperparameter changes. Default: the updater's `main`. */
  optimizer?: Optimizer | null;
}

/** Sets a hyperparameter at the start and at each invocation, which it counts. */
export abstract class HyperparameterShift extends Extension {
  readonly #attr: string;
  readonly #optimizer: Optimizer | null;
  /** The number of invocations so far. */
  protected t = 0;

  /** @param attr the hyperparameter's name, such as `lr` or `alpha` */
  constructor(attr: string, { optimizer = null }: ShiftOptions) {
    super();
    this.#attr = attr;
    this.#optimizer = optimizer;
  }

  /** The value at the present count; null leaves the hyperparameter as it is. */
  protected abstract valueNow(): number | null;

  /** Takes note of what the optimizer has before anything is set. */
  protected begin(_current: number): void {}

  override initialize(trainer: Trainer): void {
    const optimizer = this.#optimizerOf(trainer);
    const current: unknown = Reflect.get(optimizer, this.#attr);
    if (typeof current !== 'number') {
      throw new KeyError(`${this.defaultName}: ${optimizer.constructor.name} has no hyperparameter '${this.#attr}'`);
    }
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
    if (value !== null) Reflect.set(optimizer, this.#attr, value);
  }
}
