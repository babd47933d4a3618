/** Link: parameters and the computation that uses them, callable. It knows no layer in particular. */
import { KeyError, ValueError } from '../errors.js';
import type { InitializerLike } from '../initializers/initializer.js';
import { ofThisCopy } from '../ndarray/conversion.js';
import { type DeviceName, getDevice } from '../ndarray/device.js';
import { type Reaching, reach } from '../ndarray/lifetime.js';
import { type ArrayLike, copy as copyArray, NDArray, toDevice } from '../ndarray/np.js';
import type { Shape } from '../ndarray/shape.js';
import { inWords } from '../options.js';
import { Callable } from './callable.js';
import { refuseHidden } from './hidden-members.js';
import { type CopyMode, type CopyValue, copierOf, namingPrivateState } from './link-copy.js';
import { activeLinkHooks, type LinkHook } from './link-hook.js';
import { visitEveryPath, visitOnce } from './link-paths.js';
import { type LinkSummary, summarize } from './link-summary.js';
import { type Composition, linkText } from './link-text.js';
import { OnceSerializer } from './once-serializer.js';
import { Parameter, type ParameterOptions } from './parameter.js';
import type { Serializer } from './serializer.js';
import { callModel, isOutermostCall } from './spent-graphs.js';
import { loadStateDict, type StateDict, type StateDifferences, stateDictOf } from './state-dict.js';
import { Variable, type VariableLike } from './variable.js';

/** A value that is saved with a link but not learnt. */
export type Persistent = NDArray | number | string | boolean | null;

/**
 * The base of all layers and models; follows chainer.Link. Parameters are registered by assigning them to fields; a
 * `#private` field refers to one without registering it. Calling the link calls its `forward`, with its types.
 */
export class Link extends Callable implements Reaching {
  readonly #persistent = new Set<string>();
  static readonly #childrenOf = (link: Link) => link.#checkedChildren();
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

  /** Takes a hook off this link. @throws KeyError if it has none of that name. */
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

  /** The name a field has in files and paths; a subclass maps its camelCase fields to Chainer's names. */
  protected keyOf(field: string): string {
    return field;
  }

  /** The fields that hold parameters, in the order of their names. */
  protected ownParams(): [name: string, param: Parameter][] {
    const found: [string, Parameter][] = [];
    for (const [field, value] of Object.entries(this))
      if (value instanceof Parameter) found.push([this.keyOf(field), value]);
    return found.sort(byName);
  }

  /** Direct child links by name. A plain link has none. */
  namedChildren(): [name: string, link: Link][] {
    return [];
  }

  /** Direct child links. */
  *children(): IterableIterator<Link> {
    for (const [, child] of this.namedChildren()) yield child;
  }

  /** This link and all below it, each once. */
  links(): IterableIterator<Link> {
    const found = new Set<Link>();
    visitOnce(this, Link.#childrenOf, (link) => found.add(link));
    return found.values();
  }

  /** This link as '/' and all below it by path: `/conv1`, `/block/0`. A link that several paths lead to has the first. */
  namedLinks(prefix = ''): IterableIterator<[path: string, link: Link]> {
    const found: [string, Link][] = [];
    visitOnce(this, Link.#childrenOf, (link, path) => found.push([path || '/', link]), prefix);
    return found.values();
  }

  /**
   * All parameters of this link and those below it, each once: one that is tied, or whose link is in two places, is updated,
   * decayed and counted once. `includeUninit` false leaves out those without a shape.
   */
  params(includeUninit = true): IterableIterator<Parameter> {
    const found = new Set<Parameter>();
    visitOnce<Link>(this, Link.#childrenOf, (link) => {
      for (const [, param] of link.ownParams()) if (includeUninit || param.isInitialized) found.add(param);
    });
    return found.values();
  }

  /**
   * All parameters by path: `/conv1/W`. Own ones first, then the children's, each sorted by name. A parameter that several
   * paths lead to has the first.
   */
  namedParams(includeUninit = true, prefix = ''): IterableIterator<[path: string, param: Parameter]> {
    const found = new Map<Parameter, [string, Parameter]>();
    const note = (link: Link, path: string) => {
      for (const [name, param] of link.ownParams())
        if ((includeUninit || param.isInitialized) && !found.has(param)) found.set(param, [`${path}/${name}`, param]);
    };
    visitOnce<Link>(this, Link.#childrenOf, note, prefix);
    return found.values();
  }

  /** @internal All parameters by all paths that lead to them, as Chainer's files name them. */
  paramsByEveryPath(): Map<string, Parameter> {
    const found = new Map<string, Parameter>();
    visitEveryPath<Link>(this, uncheckedChildren, (link, path) => {
      for (const [name, param] of link.ownParams()) found.set(`${path}/${name}`, param);
    });
    return found;
  }

  /** The direct children. @throws ValueError if a field holds a link or a parameter that is not registered. */
  #checkedChildren(): [name: string, link: Link][] {
    const children = this.namedChildren();
    let registered: Set<Link | Parameter> | null = null;
    refuseHidden(this, children, {
      isLink: (value) => value instanceof Link,
      registered: () => {
        registered ??= this.#registered();
        return registered;
      },
    });
    return children;
  }

  /** This link, all below it, and their parameters. */
  #registered(): Set<Link | Parameter> {
    const found = new Set<Link | Parameter>();
    visitEveryPath(this, uncheckedChildren, (link) => {
      found.add(link);
      for (const [, param] of link.ownParams()) found.add(param);
    });
    return found;
  }

  /** Registers a parameter under a name that no field has. A link made of fields does not need it. */
  addParam(
    name: string,
    shape: Shape | null = null,
    initializer: InitializerLike = null,
    options: ParameterOptions = {},
  ): Parameter {
    if (name in this) throw new KeyError(`addParam: '${name}' is taken in ${this.constructor.name}`);
    const param = new Parameter(initializer, shape, { name, ...options });
    Object.defineProperty(this, name, { value: param, enumerable: true, writable: true, configurable: true });
    return param;
  }

  /** Registers a value that is saved with the link but not learnt, such as a running mean. */
  addPersistent(name: string, given: Persistent): void {
    const value = ofThisCopy('addPersistent', given);
    if (name in this) throw new KeyError(`addPersistent: '${name}' is taken in ${this.constructor.name}`);
    Object.defineProperty(this, name, { value, enumerable: true, writable: true, configurable: true });
    this.registerPersistent(name);
  }

  /** Makes fields that are there persistent. */
  registerPersistent(...fields: string[]): void {
    for (const field of fields) {
      if (!(field in this)) throw new KeyError(`registerPersistent: ${this.constructor.name} has no field '${field}'`);
      this.#persistent.add(field);
      const value = readField(this, field);
      if (value instanceof NDArray) value.storage.settle();
    }
  }

  /** Takes a persistent value off the link. @throws KeyError if there is none of that name. */
  deletePersistent(name: string): void {
    if (!this.#persistent.delete(name))
      throw new KeyError(`deletePersistent: ${this.constructor.name} has no persistent '${name}'`);
    Reflect.deleteProperty(this, name);
  }

  /** The values that are saved but not learnt, by their names in files, sorted. */
  persistents(): [name: string, value: Persistent][] {
    return [...this.#persistent]
      .map((field): [string, Persistent] => [this.keyOf(field), readField(this, field)])
      .sort(byName);
  }

  /** Forgets the gradients of all parameters. */
  cleargrads(): void {
    for (const param of this.params()) param.cleargrad();
  }

  /** Adds the gradients of a link of the same structure to this one's; follows chainer.Link.addgrads. */
  addgrads(link: Link): void {
    checkLink('addgrads', link);
    const theirs = link.paramsByEveryPath();
    for (const [path, param] of this.namedParams()) {
      const source = theirs.get(path);
      if (!source) throw new KeyError(`addgrads: the other link has no parameter ${path}`);
      param.addgrad(source);
    }
  }

  /** Copies the data of all parameters of a link of the same structure, and of its persistents. */
  copyparams(link: Link, copyPersistent = true): void {
    checkLink('copyparams', link);
    const theirs = link.paramsByEveryPath();
    for (const [path, param] of this.namedParams()) {
      const source = theirs.get(path);
      if (!source) throw new KeyError(`copyparams: the other link has no parameter ${path}`);
      param.copydata(source);
    }
    if (!copyPersistent) return;
    const links = new Map<string, Link>();
    visitEveryPath(link, uncheckedChildren, (at, path) => links.set(path || '/', at));
    for (const [path, own] of this.namedLinks()) {
      const source = links.get(path);
      if (!source) throw new KeyError(`copyparams: the other link has no child ${path}`);
      for (const field of own.#persistent) {
        const value = readField(source, field);
        Reflect.set(own, field, value instanceof NDArray ? copyArray(value) : value);
      }
    }
  }

  /**
   * Another link of the same structure. `share` gives it the same data but gradients of its own, `copy` copies the data,
   * `init` draws new initial values. Fields are taken over, links in them copied too, as are those in lists and plain
   * objects; hooks and update rules stay behind. What a class keeps in `#private` members cannot be copied from outside: such
   * a class overrides {@link Link.blank} and {@link Link.adopt}, or keeps it in fields. Follows chainer.Link.copy.
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

  /** Takes over the fields of another link of this class, each copied. */
  protected adopt(source: Link, copy: CopyValue): void {
    for (const [field, value] of Object.entries(source)) {
      Object.defineProperty(this, field, { value: copy(value), enumerable: true, writable: true, configurable: true });
    }
    for (const field of source.#persistent) this.#persistent.add(field);
    this.#updateEnabled = source.#updateEnabled;
    this.#isCopy = true;
  }

  /** The number of elements of all parameters. Those without a shape count nothing. */
  countParams(): number {
    let count = 0;
    for (const param of this.params(false)) count += param.size;
    return count;
  }

  /** Whether the optimizer may update any parameter here; follows Chainer's update_enabled. */
  get updateEnabled(): boolean {
    return this.#updateEnabled;
  }

  /** Lets the optimizer update the parameters again. */
  enableUpdate(): void {
    for (const link of this.links()) link.#updateEnabled = true;
  }

  /** Freezes the parameters of this link and those below it: the optimizer leaves them as they are. */
  disableUpdate(): void {
    for (const link of this.links()) link.#updateEnabled = false;
  }

  /** Parameters that are frozen: those of links whose update is disabled. */
  frozenParams(): Set<Parameter> {
    const frozen = new Set<Parameter>();
    visitOnce<Link>(this, uncheckedChildren, (link) => {
      if (!link.#updateEnabled) for (const [, param] of link.ownParams()) frozen.add(param);
    });
    return frozen;
  }

  /** Moves all parameters, gradients and persistent arrays to a device. Returns the link. */
  toDevice(device: DeviceName): this {
    getDevice(device);
    for (const param of this.params()) param.toDevice(device);
    for (const link of this.links()) {
      for (const field of link.#persistent) {
        const value = readField(link, field);
        if (value instanceof NDArray) Reflect.set(link, field, toDevice(value, device));
      }
    }
    return this;
  }

  /**
   * Reads or writes all parameters and persistents through a serializer, under Chainer's names. What several paths lead to is
   * written once, under the first, and read from the first path that the file has. Loading gives uninitialised parameters
   * their shape.
   *
   * @throws KeyError if the file has no path of a parameter.
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
      for (const field of this.#persistent) {
        Reflect.set(this, field, serializer.value(this.keyOf(field), readField(this, field)));
      }
    });
    for (const [name, child] of this.#checkedChildren()) child.serialize(serializer.child(name));
  }

  /**
   * The state as a plain object: parameters and persistent arrays by their paths in files, such as `conv1/W`. The arrays are those of
   * the link, which training changes; `copy()` one to keep it as it is. Persistent numbers are arrays without axes. Parameters without
   * a shape are left out. As PyTorch's state_dict.
   */
  stateDict(): StateDict {
    return stateDictOf(this);
  }

  /**
   * Copies the arrays of a {@link Link.stateDict} into this link, cast to its dtypes and moved to its devices; parameters without a
   * shape get theirs. Changes nothing if it throws. With `strict` false, names may be missing or unexpected; both are returned.
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
   * What the link computes of inputs like the examples: a table of layers, functions, shapes of results, parameters and
   * multiplications. Runs the link once, in test mode, which gives uninitialised parameters their shape. `console.log` prints it.
   *
   * ```ts
   * console.log(model.summary([np.zeros([1, 1, 28, 28])]));
   * ```
   */
  summary(examples: Parameters<this['forward']>): LinkSummary {
    return summarize(this, () => this.invoke(examples));
  }

  /** What {@link toString} shows below the link's name: links and functions, in the order of the fields. */
  protected parts(): readonly (readonly [name: string, part: unknown])[] {
    const fields: unknown[] = Object.values(this);
    return this.namedChildren().sort(([, a], [, b]) => fields.indexOf(a) - fields.indexOf(b));
  }

  /** The tree of the links below this one, with shapes and numbers of parameters; `console.log` shows it. As PyTorch's print. */
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

  /** What stays alive with the link: parameters, gradients, and arrays and variables in fields, without their graphs. */
  [reach](visit: (value: unknown) => void): void {
    for (const value of Object.values(this)) visitData(value, visit);
    for (const child of this.children()) visit(child);
  }
}

const uncheckedChildren = (link: Link) => link.namedChildren();

function readField(link: object, field: string): Persistent {
  return Reflect.get(link, field);
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

function byName(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}

/** Refuses a link where its kind is needed and something else came. */
export function checkLink(op: string, value: unknown): asserts value is Link {
  if (!(value instanceof Link)) throw new ValueError(`${op}: expected a link, got ${inWords(value)}`);
}
