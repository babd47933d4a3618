/** The update of one parameter: its state, its hyperparameters, and the primitive that updates it in one pass. */
import type { UpdateRuleName } from '../backends/ops.js';
import type { Parameter, ParameterUpdater } from '../core/parameter.js';
import type { Serializer } from '../core/serializer.js';
import { GraphError } from '../errors.js';
import { type Reaching, reach } from '../ndarray/lifetime.js';
import { fullLike, type NDArray, zerosLike } from '../ndarray/np.js';
import type { Hyperparameters } from './hyperparameters.js';

/** The algorithm of an optimizer. */
export interface Algorithm<H extends object> {
  /** The primitive that updates a parameter in place. */
  readonly primitive: UpdateRuleName;
  /** The first value of each state array, in the primitive's order. State arrays have the parameter's shape. */
  readonly states: Readonly<Record<string, number>>;
  /** The primitive's numbers at update `t`, counted from 1. `initial`: the hyperparameters at setup. */
  numbers(hyper: Readonly<H>, t: number, initial: Readonly<H>): readonly number[];
}

/** A change to a parameter's gradient (or data) just before its update, such as weight decay. */
export interface UpdateHook {
  /** Its name, for `removeHook`. The hooks of a rule have different names. */
  readonly name: string;
  /** Changes the gradient, or the data, of the parameter, in place. */
  apply(rule: UpdateRule, param: Parameter): void;
}

/** Updates one parameter; follows chainer.UpdateRule. */
export class UpdateRule<H extends object = object> implements ParameterUpdater, Reaching {
  readonly #algorithm: Algorithm<H>;
  readonly #hooks = new Map<string, UpdateHook>();
  readonly #states = new Map<string, NDArray>();
  readonly #initial: Readonly<H>;
  /** This parameter's hyperparameters. Values that are not set here are the optimizer's. */
  readonly hyperparam: Hyperparameters<H>;
  /** Whether the parameter is updated at all. */
  enabled = true;
  /** The number of updates so far. */
  t = 0;

  constructor(algorithm: Algorithm<H>, hyperparam: Hyperparameters<H>) {
    this.#algorithm = algorithm;
    this.hyperparam = hyperparam;
    this.#initial = hyperparam.snapshot();
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

  /** Counts an update, and updates the parameter if it has a gradient. */
  update(param: Parameter): void {
    if (!this.enabled) return;
    this.t++;
    if (!param.isInitialized) return;
    for (const hook of this.#hooks.values()) hook.apply(this, param);
    if (param.grad === null) return;
    const { primitive, states } = this.#algorithm;
    const arrays = Object.entries(states).map(([name, initial]) => this.#stateOf(name, initial, param.array));
    const numbers = this.#algorithm.numbers(this.hyperparam.inForce, this.t, this.#initial);
    param.array.device.update(primitive, param.array, param.grad.array, arrays, numbers);
  }

  #stateOf(name: string, initial: number, data: NDArray): NDArray {
    const known = this.#states.get(name);
    if (known && known.device === data.device) return known;
    const state = known ? known.toDevice(data.device.name) : fullLike(data, initial);
    state.storage.role = 'optimizerStates';
    this.#states.set(name, state);
    return state;
  }

  /** Reads or writes `t` and the states, under Chainer's names. */
  serialize(serializer: Serializer, param: Parameter): void {
    this.t = serializer.value('t', this.t);
    // A parameter that was never updated has no states, and stores none.
    if (serializer.writing) {
      for (const [name, state] of this.#states) serializer.array(name, state);
    } else if (this.t > 0) {
      for (const name of Object.keys(this.#algorithm.states)) {
        const state = zerosLike(param.array);
        if (serializer.array(name, state)) this.#states.set(name, state);
      }
    }
  }

  /** @internal */
  [reach](visit: (value: unknown) => void): void {
    for (const state of this.#states.values()) visit(state);
  }
}
