/** Names for what a traced model does: the path of the link that is at work. */
import type { Link } from './link.js';
import type { LinkHook } from './link-hook.js';
import { isLink } from './link-tree.js';

/** A hook that follows which link is called. */
export class LayerNames implements LinkHook {
  readonly name = 'LayerNames';
  readonly #paths = new Map<Link, string>();
  readonly #calls: Link[] = [];

  /** The links met that are no children of another: what they initialize at their first call must stay alive. */
  readonly roots: Link[] = [];

  constructor(target: unknown) {
    if (isLink(target)) this.#add(target, '');
  }

  /** The path of the link that is called now, such as `res2/a/conv1`; '' in the target itself. */
  get current(): string {
    return this.link ? (this.#paths.get(this.link) ?? '') : '';
  }

  /** The link that is called now. */
  get link(): Link | undefined {
    return this.#calls.at(-1);
  }

  forwardPreprocess(link: Link): void {
    // A link that is no child of the target, as those that a function calls.
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
