/** ChainList: a link made of links in order. */
import { IndexError, ValueError } from '../errors.js';
import { Link } from './link.js';
import type { CopyValue } from './link-copy.js';
import { checkLink } from './link-tree.js';
import type { VariableLike } from './variable.js';

/** A link that takes one array and returns one: the usual member of a list. */
export interface UnaryLink extends Link {
  (x: VariableLike): VariableLike;
}

/** A link with child links named `0`, `1`, …; follows chainer.ChainList. Iterating visits them in order. */
export class ChainList<T extends Link = UnaryLink> extends Link {
  readonly #links: T[] = [];

  constructor(...links: T[]) {
    super();
    for (const link of links) this.addLink(link);
  }

  /** Appends a link and returns it. */
  addLink<U extends T>(link: U): U {
    checkLink('addLink', link);
    this.#links.push(link);
    return link;
  }

  /** Inserts a link at position i, from the end if i is negative. Later links move up. */
  insert(i: number, link: T): void {
    checkLink('insert', link);
    this.#links.splice(i, 0, link);
  }

  /** Appends links. */
  extend(links: Iterable<T>): void {
    for (const link of links) this.addLink(link);
  }

  /** Removes the i-th link, the last by default, and returns it. @throws IndexError if there is none. */
  pop(i = -1): T {
    const link = this.at(i);
    this.#links.splice(i, 1);
    return link;
  }

  /** Removes a link. @throws ValueError if it is not in the list. */
  remove(link: T): void {
    const at = this.#links.indexOf(link);
    if (at < 0) throw new ValueError(`ChainList: the ${link.constructor.name} to remove is not in the list`);
    this.#links.splice(at, 1);
  }

  /** Replaces the i-th link. @throws IndexError if there is none. */
  set(i: number, link: T): void {
    checkLink('set', link);
    this.at(i);
    this.#links[i < 0 ? i + this.length : i] = link;
  }

  /** Removes all links. */
  clear(): void {
    this.#links.length = 0;
  }

  protected override blank(): Link {
    return Reflect.construct(ChainList, [], this.constructor);
  }

  protected override adopt(source: Link, copy: CopyValue): void {
    super.adopt(source, copy);
    if (source instanceof ChainList) this.#links.push(...source.#links.map((link: T) => copy(link)));
  }

  /** The number of links. */
  get length(): number {
    return this.#links.length;
  }

  /** The i-th link, from the end if i is negative. @throws IndexError if there is none. */
  at(i: number): T {
    const link = this.#links.at(i);
    if (!link) throw new IndexError(`ChainList: index ${i} is out of range for ${this.length} links`);
    return link;
  }

  override namedChildren(): [name: string, link: T][] {
    for (const [field, value] of Object.entries(this)) {
      if (value instanceof Link)
        throw new ValueError(`${this.constructor.name}.${field}: a ChainList registers links by addLink, not by field`);
    }
    return this.#links.map((link, i) => [String(i), link]);
  }

  override *children(): IterableIterator<T> {
    yield* this.#links;
  }

  /** Visits the links in order. */
  [Symbol.iterator](): IterableIterator<T> {
    return this.children();
  }
}
