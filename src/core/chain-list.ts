/** ChainList: a link made of links in order. */
import { IndexError, ValueError } from '../errors.js';
import { checkLink, Link } from './link.js';
import type { VariableLike } from './variable.js';

/** A link that takes one array and gives one: the usual member of a list. */
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

  [Symbol.iterator](): IterableIterator<T> {
    return this.children();
  }
}
