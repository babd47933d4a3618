/** Link: parameters and a computation that uses them. A link is called like a function. */
import { KeyError } from '../errors.js';
import { type Reaching, reach } from '../ndarray/lifetime.js';
import type { ArrayLike } from '../ndarray/np.js';
import { type CopyValue, copierOf, namingPrivateState } from './link-copy.js';
import { activeLinkHooks, type LinkHook } from './link-hook.js';
import { visitOnce } from './link-paths.js';
import { type LinkSummary, summarize } from './link-summary.js';
import { type Composition, linkText } from './link-text.js';
import { directChildren, LinkTree, readField } from './link-tree.js';
import { OnceSerializer } from './once-serializer.js';
import { type CopyMode, Parameter } from './parameter.js';
import type { Serializer } from './serializer.js';
import { callModel, isOutermostCall } from './spent-graphs.js';
import { loadStateDict, type StateDict, type StateDifferences, stateDictOf } from './state-dict.js';
import { Variable, type VariableLike } from './variable.js';

/**
 * The base of all layers and models; follows chainer.Link. Assigning a parameter to a field registers it; a `#private` field refers
 * to a parameter without registering it. Calling the link calls its `forward`, with the same types.
 */
export class Link extends LinkTree implements Reaching {
  readonly #hooks: LinkHook[] = [];
  #updateEnabled = true;
  #isCopy = false;

  protected override invoke(args: Parameters<this['forward']>): unknown {
    return isOutermostCall() ? callModel(this, () => this.#call(args)) : this.#call(args);
  }

  #call(args: Parameters<this['forward']>): unknown {
    if (this.#isCopy) return namingPrivateState(this.constructor.name, () => this.#run(args));
    return this.#run(args);
  }

  #run(args: Parameters<this['forward']>): unknown {
    const everywhere = activeLinkHooks();
    if (this.#hooks.length === 0 && everywhere.length === 0) return this.forward(...args);
    const hooks = [...everywhere, ...this.#hooks];
    for (const hook of hooks) hook.forwardPreprocess?.(this, args);
    try {
      return this.forward(...args);
    } finally {
      for (const hook of hooks) hook.forwardPostprocess?.(this, args);
    }
  }

  /** Adds a hook to this link alone. @throws KeyError if it has one of that name. */
  addHook(hook: LinkHook): this {
    if (this.#hooks.some(({ name }) => name === hook.name))
      throw new KeyError(`addHook: ${this.constructor.name} has a hook '${hook.name}' already`);
    this.#hooks.push(hook);
    hook.added?.(this);
    return this;
  }

  /** Removes a hook from this link. @throws KeyError if it has none of that name. */
  deleteHook(name: string): void {
    const at = this.#hooks.findIndex((hook) => hook.name === name);
    if (at < 0) throw new KeyError(`deleteHook: ${this.constructor.name} has no hook '${name}'`);
    const [hook] = this.#hooks.splice(at, 1);
    hook.deleted?.(this);
  }

  /** The hooks of this link, in the order they were added. */
  get localHooks(): readonly LinkHook[] {
    return this.#hooks;
  }

  /**
   * Another link of the same structure. With `share` it has the same data but its own gradients, with `copy` copies of the data, with
   * `init` new initial values. Links in fields, lists and plain objects are copied too; hooks and update rules are not. `#private`
   * members cannot be copied from outside: a class that has them overrides {@link Link.blank} and {@link Link.adopt}, or uses fields.
   * Follows chainer.Link.copy.
   *
   * @throws ValueError, from here or from the first call of the copy, if the class has `#private` members and no `blank`.
   */
  copy(mode: CopyMode = 'share'): this {
    const copies = new Map<Link, Link>();
    const copyLink = (link: Link): Link => {
      const made = copies.get(link) ?? link.blank();
      if (!copies.has(link)) {
        copies.set(link, made);
        namingPrivateState(made.constructor.name, () => {
          made.adopt(link, copyValue);
          made.namedChildren();
          made.ownParams();
        });
      }
      return made;
    };
    const copyValue = copierOf(mode, (value) => (value instanceof Link ? copyLink(value) : null));
    return copyValue(this);
  }

  /** An instance of this class without its fields, for {@link copy} to fill. */
  protected blank(): Link {
    return Reflect.construct(Link, [], this.constructor);
  }

  /** Fills this link with copies of the fields of another link of its class. */
  protected adopt(source: Link, copy: CopyValue): void {
    for (const [field, value] of Object.entries(source)) {
      Object.defineProperty(this, field, { value: copy(value), enumerable: true, writable: true, configurable: true });
    }
    this.registerPersistent(...source.persistentFields);
    this.#updateEnabled = source.#updateEnabled;
    this.#isCopy = true;
  }

  /** Whether the optimizer may update the own parameters of this link; follows Chainer's update_enabled. */
  get updateEnabled(): boolean {
    return this.#updateEnabled;
  }

  /** Lets the optimizer update the parameters again. */
  enableUpdate(): void {
    for (const link of this.links()) link.#updateEnabled = true;
  }

  /** Freezes the parameters of this link and of the links below it: the optimizer does not change them. */
  disableUpdate(): void {
    for (const link of this.links()) link.#updateEnabled = false;
  }

  /** The frozen parameters: those of links whose update is disabled. */
  frozenParams(): Set<Parameter> {
    const frozen = new Set<Parameter>();
    visitOnce<Link>(this, directChildren, (link) => {
      if (!link.#updateEnabled) for (const [, param] of link.ownParams()) frozen.add(param);
    });
    return frozen;
  }

  /**
   * Reads or writes all parameters and persistent values through a serializer, under Chainer's names. A value with several paths is
   * written once, under the first, and read from the first path that the file has. Loading gives uninitialised parameters their shape.
   *
   * @throws KeyError if the file has none of the paths of a parameter.
   */
  serialize(serializer: Serializer): void {
    if (serializer instanceof OnceSerializer) serializer.inside(this, () => this.#serialize(serializer));
    else {
      const once = new OnceSerializer(serializer);
      once.inside(this, () => this.#serialize(once));
      once.finish();
    }
  }

  #serialize(serializer: OnceSerializer): void {
    for (const [name, param] of this.ownParams()) {
      serializer.once(param, () => {
        const loaded = serializer.array(name, param.isInitialized ? param.array : null);
        if (loaded && !param.isInitialized) {
          param.initialize(loaded.shape);
          param.array.device.cast(loaded, param.array);
        }
      });
    }
    serializer.once(this, () => {
      for (const field of this.persistentFields) {
        Reflect.set(this, field, serializer.value(this.keyOf(field), readField(this, field)));
      }
    });
    for (const [name, child] of this.checkedChildren()) child.serialize(serializer.child(name));
  }

  /**
   * The state as a plain object: parameters and persistent arrays by their paths in files, such as `conv1/W`. The arrays are the
   * link's own, which training changes: `copy()` an array to keep its values. Persistent numbers become arrays without axes. Parameters
   * without a shape are left out. Like PyTorch's state_dict.
   */
  stateDict(): StateDict {
    return stateDictOf(this);
  }

  /**
   * Copies the arrays of a {@link Link.stateDict} into this link, cast to its dtypes and moved to its devices. Parameters without a
   * shape get one. If it throws, nothing has changed. With `strict` false, names may be missing or unexpected; both are returned.
   *
   * @throws KeyError that lists all names that are missing or unexpected; ShapeError that lists all arrays that do not fit.
   */
  loadStateDict(
    state: Readonly<Record<string, VariableLike | ArrayLike>>,
    { strict = true }: { strict?: boolean } = {},
  ): StateDifferences {
    return loadStateDict(this, state, strict);
  }

  /**
   * A table of the layers that run for inputs like the examples: functions, shapes of results, parameters and multiplications. It runs
   * the link once, in test mode, which gives uninitialised parameters their shape. `console.log` prints the table.
   *
   * ```ts
   * console.log(model.summary([np.zeros([1, 1, 28, 28])]));
   * ```
   */
  summary(examples: Parameters<this['forward']>): LinkSummary {
    return summarize(this, () => this.invoke(examples));
  }

  /** The links and functions that {@link toString} lists below the name of the link, in the order of the fields. */
  protected parts(): readonly (readonly [name: string, part: unknown])[] {
    const fields: unknown[] = Object.values(this);
    return this.namedChildren().sort(([, a], [, b]) => fields.indexOf(a) - fields.indexOf(b));
  }

  /** The tree of the links below this one, with shapes and numbers of parameters; `console.log` prints it. Like PyTorch's print. */
  override toString(): string {
    return linkText(this, Link.#compositionOf);
  }

  static readonly #compositionOf = (part: unknown): Composition | null =>
    part instanceof Link
      ? {
          params: part.ownParams(),
          parts: part.parts(),
          all: [...new Set(part.paramsByEveryPath().values())],
          isFrozen: !part.#updateEnabled,
        }
      : null;

  /** Keeps parameters, gradients, and arrays and variables in fields alive, without their graphs. */
  [reach](visit: (value: unknown) => void): void {
    for (const value of Object.values(this)) visitData(value, visit);
    for (const child of this.children()) visit(child);
  }
}

function visitData(value: unknown, visit: (value: unknown) => void): void {
  if (value instanceof Variable) {
    if (value.isInitialized) visit(value.array);
    if (value.grad?.isInitialized) visit(value.grad.array);
    if (value instanceof Parameter) {
      visit(value.updateRule);
      visit(value.initializer);
    }
  } else if (Array.isArray(value)) for (const item of value) visitData(item, visit);
  else visit(value);
}
