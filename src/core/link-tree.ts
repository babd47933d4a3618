/**
 * LinkTree: the members that a link registers (parameters, child links, persistent values), and the walks over all links below it.
 * Only Link extends it.
 */
import { KeyError, ValueError } from '../errors.js';
import type { InitializerLike } from '../initializers/initializer.js';
import { ofThisCopy } from '../ndarray/conversion.js';
import { type DeviceName, getDevice } from '../ndarray/device.js';
import { copy as copyArray, NDArray, toDevice } from '../ndarray/np.js';
import type { Shape } from '../ndarray/shape.js';
import { inWords } from '../options.js';
import { Callable } from './callable.js';
import { refuseHidden } from './hidden-members.js';
import type { Link } from './link.js';
import { visitEveryPath, visitOnce } from './link-paths.js';
import { Parameter, type ParameterOptions } from './parameter.js';
import type { Persistent } from './serializer.js';

/** Whether a value is a link. */
export function isLink(value: unknown): value is Link {
  return value instanceof LinkTree;
}

/** Refuses a value that is not a link. @throws ValueError that says what it is */
export function checkLink(op: string, value: unknown): asserts value is Link {
  if (!isLink(value)) throw new ValueError(`${op}: expected a link, got ${inWords(value)}`);
}

/** The direct children of a link, without the search for hidden members. */
export const directChildren = (link: Link) => link.namedChildren();

/** The members of a link, and the walks over the links below it. */
export abstract class LinkTree extends Callable {
  readonly #persistent = new Set<string>();
  static readonly #childrenOf = (link: Link) => link.checkedChildren();

  /** The name of a field in files and paths. A subclass maps its camelCase fields to Chainer's names. */
  protected keyOf(field: string): string {
    return field;
  }

  /** The parameters in fields, in the order of their names. */
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
  *children(this: Link): IterableIterator<Link> {
    for (const [, child] of this.namedChildren()) yield child;
  }

  /** This link and all links below it, each once. */
  links(this: Link): IterableIterator<Link> {
    const found = new Set<Link>();
    visitOnce(this, LinkTree.#childrenOf, (link) => found.add(link));
    return found.values();
  }

  /** This link as '/' and all links below it by path: `/conv1`, `/block/0`. A link with several paths has the first. */
  namedLinks(this: Link, prefix = ''): IterableIterator<[path: string, link: Link]> {
    const found: [string, Link][] = [];
    visitOnce(this, LinkTree.#childrenOf, (link, path) => found.push([path || '/', link]), prefix);
    return found.values();
  }

  /**
   * All parameters of this link and of the links below it. A parameter that several paths lead to comes once, so it is updated,
   * decayed and counted once. `includeUninit` false leaves out parameters without a shape.
   */
  params(this: Link, includeUninit = true): IterableIterator<Parameter> {
    const found = new Set<Parameter>();
    visitOnce<Link>(this, LinkTree.#childrenOf, (link) => {
      for (const [, param] of link.ownParams()) if (includeUninit || param.isInitialized) found.add(param);
    });
    return found.values();
  }

  /**
   * All parameters by path: `/conv1/W`. Own parameters come first, then those of the children, each sorted by name. A parameter
   * with several paths has the first.
   */
  namedParams(this: Link, includeUninit = true, prefix = ''): IterableIterator<[path: string, param: Parameter]> {
    const found = new Map<Parameter, [string, Parameter]>();
    const note = (link: Link, path: string) => {
      for (const [name, param] of link.ownParams())
        if ((includeUninit || param.isInitialized) && !found.has(param)) found.set(param, [`${path}/${name}`, param]);
    };
    visitOnce<Link>(this, LinkTree.#childrenOf, note, prefix);
    return found.values();
  }

  /** @internal All parameters by each of their paths, as Chainer's files name them. */
  paramsByEveryPath(this: Link): Map<string, Parameter> {
    const found = new Map<string, Parameter>();
    visitEveryPath<Link>(this, directChildren, (link, path) => {
      for (const [name, param] of link.ownParams()) found.set(`${path}/${name}`, param);
    });
    return found;
  }

  /** The direct children. @throws ValueError if a field holds a link or a parameter that is not registered. */
  protected checkedChildren(this: Link): [name: string, link: Link][] {
    const children = this.namedChildren();
    let registered: Set<Link | Parameter> | null = null;
    refuseHidden(this, children, {
      isLink,
      registered: () => {
        registered ??= this.#registered();
        return registered;
      },
    });
    return children;
  }

  /** This link, all below it, and their parameters. */
  #registered(this: Link): Set<Link | Parameter> {
    const found = new Set<Link | Parameter>();
    visitEveryPath(this, directChildren, (link) => {
      found.add(link);
      for (const [, param] of link.ownParams()) found.add(param);
    });
    return found;
  }

  /** Registers a parameter under a new name. Not needed for parameters held in fields. */
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

  /** Registers existing fields as persistent: they are saved with the link. */
  registerPersistent(...fields: string[]): void {
    for (const field of fields) {
      if (!(field in this)) throw new KeyError(`registerPersistent: ${this.constructor.name} has no field '${field}'`);
      this.#persistent.add(field);
      const value = readField(this, field);
      if (value instanceof NDArray) value.storage.settle();
    }
  }

  /** Removes a persistent value. @throws KeyError if there is none of that name. */
  deletePersistent(name: string): void {
    if (!this.#persistent.delete(name))
      throw new KeyError(`deletePersistent: ${this.constructor.name} has no persistent '${name}'`);
    Reflect.deleteProperty(this, name);
  }

  /** The fields that hold persistent values, in the order they were registered. */
  protected get persistentFields(): ReadonlySet<string> {
    return this.#persistent;
  }

  /** The values that are saved but not learnt, by their names in files, sorted. */
  persistents(): [name: string, value: Persistent][] {
    return [...this.#persistent]
      .map((field): [string, Persistent] => [this.keyOf(field), readField(this, field)])
      .sort(byName);
  }

  /** Forgets the gradients of all parameters. */
  cleargrads(this: Link): void {
    for (const param of this.params()) param.cleargrad();
  }

  /** The number of elements of all parameters. Parameters without a shape count 0. */
  countParams(this: Link): number {
    let count = 0;
    for (const param of this.params(false)) count += param.size;
    return count;
  }

  /** Adds the gradients of a link of the same structure to this one's; follows chainer.Link.addgrads. */
  addgrads(this: Link, link: Link): void {
    checkLink('addgrads', link);
    for (const [param, source] of paramPairs('addgrads', this, link)) param.addgrad(source);
  }

  /** Copies the data of all parameters of a link of the same structure, and of its persistents. */
  copyparams(this: Link, link: Link, copyPersistent = true): void {
    checkLink('copyparams', link);
    for (const [param, source] of paramPairs('copyparams', this, link)) param.copydata(source);
    if (!copyPersistent) return;
    const links = new Map<string, Link>();
    visitEveryPath(link, directChildren, (at, path) => links.set(path || '/', at));
    for (const [path, own] of this.namedLinks()) {
      const source = links.get(path);
      if (!source) throw new KeyError(`copyparams: the other link has no child ${path}`);
      for (const field of own.#persistent) {
        const value = readField(source, field);
        Reflect.set(own, field, value instanceof NDArray ? copyArray(value) : value);
      }
    }
  }

  /** Moves all parameters, gradients and persistent arrays to a device. Returns the link. */
  toDevice<Self extends Link>(this: Self, device: DeviceName): Self {
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
}

/** The parameters of a link, each with the parameter of the same path in another. @throws KeyError if that has none. */
function* paramPairs(op: string, own: Link, other: Link): IterableIterator<[own: Parameter, other: Parameter]> {
  const theirs = other.paramsByEveryPath();
  for (const [path, param] of own.namedParams()) {
    const source = theirs.get(path);
    if (!source) throw new KeyError(`${op}: the other link has no parameter ${path}`);
    yield [param, source];
  }
}

/** The value of a persistent field. */
export function readField(link: object, field: string): Persistent {
  return Reflect.get(link, field);
}

function byName(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}
