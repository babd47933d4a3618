/** How one parameter is updated: its state, its hyperparameters, and the primitive that does it in one pass. */
import type { UpdateRuleName } from '../backends/backend.js';
import type { Parameter, ParameterUpdater } from '../core/parameter.js';
import type { Serializer } from '../core/serializer.js';
import { GraphError } from '../errors.js';
import { type Reaching, reach } from '../ndarray/lifetime.js';
import { copyto, type NDArray, zerosLike } from '../ndarray/np.js';
import type { Hyperparameters } from './hyperparameters.js';

/** What an optimizer's algorithm is made of. */
export interface Algorithm<H extends object> {
  /** The primitive that updates a parameter in place. */
  readonly primitive: UpdateRuleName;
  /** The names of the state arrays, each shaped like the parameter and zero at first, in the primitive's order. */
  readonly states: readonly string[];
  /** The primitive's numbers at update `t`, counted from 1. */
  numbers(hyper: Readonly<H>, t: number): readonly number[];
}

/** A change to a parameter's gradient (or data) just before its update, such as weight decay. */
export interface UpdateHook {
  readonly name: string;
  apply(rule: UpdateRule, param: Parameter): void;
}

/** Updates one parameter; follows chainer.UpdateRule. */
export class UpdateRule<H extends object = object> implements ParameterUpdater, Reaching {
  readonly #algorithm: Algorithm<H>;
  readonly #hooks = new Map<string, UpdateHook>();
  readonly #states = new Map<string, NDArray>();
  /** This parameter's hyperparameters; what is not set here is the optimizer's. */
  readonly hyperparam: Hyperparameters<H>;
  /** Whether the parameter is updated at all. */
  enabled = true;
  /** The number of updates so far. */
  t = 0;

  constructor(algorithm: Algorithm<H>, hyperparam: Hyperparameters<H>) {
    this.#algorithm = algorithm;
    this.hyperparam = hyperparam;
  }

  /** The state arrays by name; empty before the first update. */
  get state(): ReadonlyMap<string, NDArray> {
    return this.#states;
  }

  /** Adds a hook that runs before each update of this parameter. */
  addHook(hook: UpdateHook): void {
    if (this.#hooks.has(hook.name)) throw new GraphError(`addHook: this rule already has a hook '${hook.name}'`);
    this.#hooks.set(hook.name, hook);
  }

  /** Removes a hook. */
  removeHook(name: string): void {
    this.#hooks.delete(name);
  }

  /** Counts one more update and changes the parameter by its gradient; without a gradient only counts. */
  update(param: Parameter): void {
    if (!this.enabled) return;
    this.t++;
    if (!param.isInitialized) return;
    for (const hook of this.#hooks.values()) hook.apply(this, param);
    if (param.grad === null) return;
    const { primitive, states } = this.#algorithm;
    const arrays = states.map((name) => this.#stateOf(name, param.array));
    const numbers = this.#algorithm.numbers(this.hyperparam.values, this.t);
    param.array.device.update(primitive, param.array, param.grad.array, arrays, numbers);
  }

  #stateOf(name: string, data: NDArray): NDArray {
    const known = this.#states.get(name);
    if (known && known.device === data.device) return known;
    const state = known ? known.toDevice(data.device.name) : zerosLike(data);
    this.#states.set(name, state);
    return state;
  }

  /** Reads or writes `t` and the states, under Chainer's names. */
  serialize(serializer: Serializer, param: Parameter): void {
    this.t = serializer.value('t', this.t);
    for (const name of this.#algorithm.states) {
      const known = this.#states.get(name) ?? null;
      const stored = serializer.array(name, known);
      if (serializer.writing || stored === null || stored === known) continue;
      const state = zerosLike(param.array);
      copyto(state, stored.toDevice(state.device.name));
      this.#states.set(name, state);
    }
  }

  [reach](visit: (value: unknown) => void): void {
    for (const state of this.#states.values()) visit(state);
  }
}
