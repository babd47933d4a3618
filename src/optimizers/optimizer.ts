/** The base class of optimizers: a target link, the update rules of its parameters, hooks and counters. */
import type { Link } from '../core/link.js';
import { checkLink } from '../core/link-tree.js';
import { OnceSerializer } from '../core/once-serializer.js';
import type { Parameter } from '../core/parameter.js';
import type { Serializer } from '../core/serializer.js';
import { freeSpentGraphs } from '../core/spent-graphs.js';
import type { Variable } from '../core/variable.js';
import { GraphError } from '../errors.js';
import { adopt, outsideScopes, type Reaching, reach, scope } from '../ndarray/lifetime.js';
import { checkOptions, inWords } from '../options.js';
import { Described, made } from '../printing.js';
import { Hyperparameters } from './hyperparameters.js';
import { asLoss } from './loss.js';
import { DynamicLossScale, FixedLossScale, type LossScale, type LossScalingOptions } from './loss-scale.js';
import { type Algorithm, UpdateRule } from './update-rule.js';

/** A change to all gradients (or data) before the parameters are updated, such as gradient clipping. */
export interface OptimizerHook {
  /** Its name, for `removeHook`. The hooks of an optimizer have different names. */
  readonly name: string;
  /** `pre` runs before the update (the default), `post` after it. */
  readonly timing?: 'pre' | 'post';
  /** Changes the gradients, or parameters, of the optimizer's target, in place. */
  apply(optimizer: Optimizer): void;
}

/**
 * Updates the parameters of a link by their gradients; follows chainer.GradientMethod. Hyperparameters are fields
 * (`optimizer.lr`); a parameter may have its own: `param.updateRule.hyperparam.values.lr = …`.
 */
export abstract class Optimizer<H extends object = object> extends Described implements Reaching {
  readonly #algorithm: Algorithm<H>;
  readonly #hooks = new Map<string, OptimizerHook>();
  #target: Link | null = null;
  /** The hyperparameters, which are fields of the optimizer as well. */
  readonly hyperparam: Hyperparameters<H>;
  /** The number of updates so far. */
  t = 0;
  /** The number of epochs so far; {@link newEpoch} counts them. */
  epoch = 0;
  #lossScale: LossScale | null = null;

  constructor(algorithm: Algorithm<H>, hyperparam: H) {
    super();
    this.#algorithm = algorithm;
    this.hyperparam = new Hyperparameters<H>(hyperparam, null, this.constructor.name);
    // Each hyperparameter is also a field of the optimizer. An interface that merges with the class has its type.
    const { values } = this.hyperparam;
    for (const name of Object.keys(hyperparam)) {
      Object.defineProperty(this, name, {
        get: () => Reflect.get(values, name),
        set: (value) => Reflect.set(values, name, value),
        enumerable: true,
      });
    }
  }

  /** The link whose parameters are updated. @throws GraphError before {@link setup}. */
  get target(): Link {
    if (!this.#target) throw new GraphError(`${this.constructor.name}: setup(link) first`);
    return this.#target;
  }

  /** Takes a link as the target and gives its parameters update rules. Returns the optimizer. */
  setup(link: Link): this {
    checkLink(`${this.constructor.name}.setup`, link);
    this.#target = link;
    this.t = 0;
    this.epoch = 0;
    for (const param of link.params()) param.updateRule = this.createUpdateRule();
    return this;
  }

  /** A new rule with this optimizer's algorithm. Hyperparameters that are not set on it are the optimizer's. */
  createUpdateRule(): UpdateRule<H> {
    return new UpdateRule(this.#algorithm, new Hyperparameters<H>({}, this.hyperparam));
  }

  /** Adds a hook; hooks run in the order in which they were added. @throws GraphError if there is a hook of that name. */
  addHook(hook: OptimizerHook): void {
    if (this.#hooks.has(hook.name)) throw new GraphError(`addHook: there is already a hook '${hook.name}'`);
    this.#hooks.set(hook.name, hook);
  }

  /** Removes a hook. */
  removeHook(name: string): void {
    this.#hooks.delete(name);
  }

  /**
   * Updates all parameters once.
   *
   * With `lossfun`: calls it with `args`, clears the gradients, runs backward, updates, and returns the loss. All of it runs in a scope,
   * which frees the arrays of the step.
   *
   * Without: uses the gradients of the caller's `loss.backward()`. If no scope is open, it then frees the graphs that backward went through.
   * Losses and results of models stay readable until the next update, and on wasm single numbers also after it. Other arrays of
   * the graph stay only if the program called `keep(x)`.
   *
   * If dynamic loss scaling finds a gradient that is not finite, it neither updates nor counts.
   *
   * @throws ValueError if `lossfun` returns a promise, or another value than a variable.
   */
  update(): undefined;
  update<A extends readonly unknown[]>(lossfun: (...args: A) => Variable, ...args: A): Variable;
  update<A extends readonly unknown[]>(lossfun?: (...args: A) => Variable, ...args: A): Variable | undefined {
    const alone = outsideScopes();
    let loss: Variable | undefined;
    scope(this, () => {
      if (lossfun) {
        const op = `${this.constructor.name}.update`;
        if (typeof lossfun !== 'function')
          throw new TypeError(`${op}: expected a function that computes the loss, got ${inWords(lossfun)}`);
        loss = asLoss(op, lossfun(...args));
        this.target.cleargrads();
      }
      if (!loss || this.#backward(loss)) this.#step();
      return loss?.array;
    });
    if (alone) {
      freeSpentGraphs(this);
      // The scope keeps the gradients that were made in it.
      const made = loss ? [loss] : [...paramsWithGrad(this.target)].map(({ grad }) => grad);
      adopt(
        this,
        made.map(({ array }) => array.storage),
      );
    }
    return loss;
  }

  #step(): void {
    this.#runHooks('pre');
    this.t++;
    const frozen = this.target.frozenParams();
    for (const param of this.target.params()) if (!frozen.has(param)) param.update();
    this.#runHooks('post');
  }

  /** The factor of losses before backward; null: none. */
  get lossScale(): number | null {
    return this.#lossScale?.value ?? null;
  }

  /**
   * Multiplies losses by a number before backward, and divides gradients by it before hooks and rules use them. Follows
   * Chainer's set_loss_scale.
   *
   * @throws ValueError unless the number is positive.
   */
  setLossScale(lossScale: number): void {
    this.#lossScale = new FixedLossScale(lossScale);
  }

  /**
   * Scales losses by `scale`, or, without one, by a number that doubles after `interval` updates and is halved when a gradient is not
   * finite. For gradients that would vanish in few bits. Follows Chainer's loss_scaling. A scale that changes is saved with the optimizer.
   */
  lossScaling(options: LossScalingOptions = {}): void {
    checkOptions('lossScaling', options, { interval: 1000, scale: null });
    const { interval = 1000, scale = null } = options;
    this.#lossScale = scale === null ? new DynamicLossScale(interval) : new FixedLossScale(scale);
  }

  /** Runs backward, with the loss scale if there is one. Returns false if a gradient is not finite. */
  #backward(loss: Variable): boolean {
    if (!this.#lossScale) {
      loss.backward();
      return true;
    }
    loss.backward({ lossScale: this.#lossScale.value });
    return this.#lossScale.unscale(this.target);
  }

  #runHooks(timing: 'pre' | 'post'): void {
    for (const hook of this.#hooks.values()) if ((hook.timing ?? 'pre') === timing) hook.apply(this);
  }

  /** Counts an epoch. Training loops call it. */
  newEpoch(): void {
    this.epoch++;
  }

  /**
   * Reads or writes counters and states under Chainer's names: `t`, `epoch`, `conv1/W/t`, `conv1/W/m`, and a loss scale that changes as
   * `loss_scale`. Hyperparameters are not among them, as in Chainer: the program sets them.
   */
  serialize(serializer: Serializer): void {
    this.t = serializer.value('t', this.t);
    this.epoch = serializer.value('epoch', this.epoch);
    const once = new OnceSerializer(serializer);
    for (const [path, param] of this.target.paramsByEveryPath()) {
      const rule = param.updateRule;
      if (rule instanceof UpdateRule) once.once(rule, () => rule.serialize(once.child(path.slice(1)), param));
    }
    once.finish();
    this.#lossScale?.serialize?.(serializer);
  }

  /** Keeps the target alive with the optimizer, and through its parameters their states. */
  [reach](visit: (value: unknown) => void): void {
    visit(this.#target);
  }

  /** @internal */
  override [made](): Readonly<Record<string, unknown>> {
    return { ...this.hyperparam.values, t: this.t };
  }
}

/** A parameter that has a gradient. */
export interface ParameterWithGrad extends Parameter {
  /** The gradient. */
  grad: Variable;
}

/** The parameters with a gradient, which hooks change. */
export function* paramsWithGrad(link: Link): IterableIterator<ParameterWithGrad> {
  for (const param of link.params(false)) if (hasGrad(param)) yield param;
}

function hasGrad(param: Parameter): param is ParameterWithGrad {
  return param.grad !== null;
}
