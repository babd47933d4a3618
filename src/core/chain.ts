/** Chain: a link made of named links. */
import { KeyError } from '../errors.js';
import { Link } from './link.js';
import { checkLink } from './link-tree.js';

/**
 * A link with child links. Assigning a link to a field registers it, as does {@link Chain.addLink}; `new Chain({ conv1, bn1 })`
 * registers existing links. Children are visited in the order of their names. Follows chainer.Chain.
 */
export class Chain extends Link {
  constructor(links: Readonly<Record<string, Link>> = {}) {
    super();
    for (const [name, link] of Object.entries(links)) this.addLink(name, link);
  }

  /** Registers a child under a name. @throws KeyError if the name is taken. */
  addLink<T extends Link>(name: string, link: T): T {
    checkLink(`addLink('${name}')`, link);
    if (name in this) throw new KeyError(`addLink: '${name}' is taken in ${this.constructor.name}`);
    Object.defineProperty(this, name, { value: link, enumerable: true, writable: true, configurable: true });
    return link;
  }

  override namedChildren(): [name: string, link: Link][] {
    const found: [string, Link][] = [];
    for (const [field, value] of Object.entries(this)) {
      if (value instanceof Link) found.push([this.keyOf(field), value]);
    }
    return found.sort((a, b) => (a[0] < b[0] ? -1 : 1));
  }
}
