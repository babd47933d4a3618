/** Names the layers of a traced model: the path of the link that is running. */
import type { Link } from './link.js';
import type { LinkHook } from './link-hook.js';
import { isLink } from './link-tree.js';

/** A hook that follows the calls of links. */
export class LayerNames implements LinkHook {
  readonly name = 'LayerNames';
  readonly #paths = new Map<Link, string>();
  readonly #calls: Link[] = [];

  /** The called links that are not below another link. Parameters that they initialize at their first call must stay alive. */
  readonly roots: Link[] = [];

  constructor(target: unknown) {
    if (isLink(target)) this.#add(target, '');
  }

  /** The path of the running link, such as `res2/a/conv1`; '' for the target itself. */
  get current(): string {
    return this.link ? (this.#paths.get(this.link) ?? '') : '';
  }

  /** The running link. */
  get link(): Link | undefined {
    return this.#calls.at(-1);
  }

  forwardPreprocess(link: Link): void {
    // A link outside of the target, such as one that a function calls.
    if (!this.#paths.has(link))
      this.#add(link, this.current ? `${this.current}/${link.constructor.name}` : link.constructor.name);
    this.#calls.push(link);
  }

  forwardPostprocess(): void {
    this.#calls.pop();
  }

  #add(root: Link, name: string): void {
    this.roots.push(root);
    for (const [path, link] of root.namedLinks()) {
      const own = path === '/' ? '' : path.slice(1);
      if (!this.#paths.has(link)) this.#paths.set(link, [name, own].filter(Boolean).join('/'));
    }
  }
}
