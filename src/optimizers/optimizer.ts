/** The optimizers' common part: a target link, its parameters' rules, hooks and counters. */
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
  /** The name by which `removeHook` knows it: an optimizer has one hook of a name. */
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
  /** The epoch, counted by {@link newEpoch}. */
  epoch = 0;
  #lossScale: LossScale | null = null;

  constructor(algorithm: Algorithm<H>, hyperparam: H) {
    super();
    this.#algorithm = algorithm;
    this.hyperparam = new Hyperparameters<H>(hyperparam, null, this.constructor.name);
    // Each is also a field of the optimizer, typed by the interface that merges with its class.
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

  /** A rule of this optimizer's algorithm, whose hyperparameters fall back on the optimizer's. */
  createUpdateRule(): UpdateRule<H> {
    return new UpdateRule(this.#algorithm, new Hyperparameters<H>({}, this.hyperparam));
  }

  /** Adds a hook; hooks run in the order they were added. @throws GraphError if one of that name is there. */
  addHook(hook: OptimizerHook): void {
    if (this.#hooks.has(hook.name)) throw new GraphError(`addHook: there is already a hook '${hook.name}'`);
    this.#hooks.set(hook.name, hook);
  }

  /** Removes a hook. */
  removeHook(name: string): void {
    this.#hooks.delete(name);
  }

  /**
   * Updates all parameters once. With `lossfun`, first calls it with `args`, clears the gradients and runs backward, all in a scope that
   * frees what the step allocated, and returns the loss. Without, the gradients are those of the caller's `loss.backward()`; where no scope is
   * open, the graphs that backward went through are freed afterwards. Losses and results of models can then be read until the next update, on
   * wasm single numbers after that, too, and what else is of the graph only if it was kept by `keep(x)`. Where dynamic loss scaling finds
   * a gradient that is not finite, nothing is updated and nothing counted.
   *
   * @throws ValueError if `lossfun` returns a promise, or no variable.
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
      // The scope holds the gradients that were made in it.
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

  /** What losses are multiplied by before backward; null: nothing. */
  get lossScale(): number | null {
    return this.#lossScale?.value ?? null;
  }

  /**
   * Multiplies losses by a number before backward, and divides gradients by it before hooks and rules see them. Follows
   * Chainer's set_loss_scale. @throws ValueError unless it is positive.
   */
  setLossScale(lossScale: number): void {
    this.#lossScale = new FixedLossScale(lossScale);
  }

  /**
   * Scales losses: by `scale`, or, without one, by a number that doubles in `interval` updates and is halved when a gradient
   * is not finite. Follows Chainer's loss_scaling, for gradients that would vanish in few bits. A
   * scale that changes is saved with the optimizer.
   */
  lossScaling(options: LossScalingOptions = {}): void {
    checkOptions('lossScaling', options, { interval: 1000, scale: null });
    const { interval = 1000, scale = null } = options;
    this.#lossScale = scale === null ? new DynamicLossScale(interval) : new FixedLossScale(scale);
  }

  /** Runs backward, scaled if so wanted. Returns whether the gradients may be used. */
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

  /** Counts an epoch; training loops call it. */
  newEpoch(): void {
    this.epoch++;
  }

  /**
   * Reads or writes counters and states under Chainer's names: `t`, `epoch`, `conv1/W/t`, `conv1/W/m`. As in Chainer
   * hyperparameters are not among them: what the program sets holds. A loss scale that changes is, as `loss_scale`.
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

  /** What stays alive with the optimizer: its target, and through the parameters their states. */
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

/** The parameters with a gradient: what hooks work on. */
export function* paramsWithGrad(link: Link): IterableIterator<ParameterWithGrad> {
  for (const param of link.params(false)) if (hasGrad(param)) yield param;
}

function hasGrad(param: Parameter): param is ParameterWithGrad {
  return param.grad !== null;
}
