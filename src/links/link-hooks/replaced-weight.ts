/** A weight that is another while its link computes: what hooks that normalize weights have in common. */
import { noBackpropMode } from '../../core/config.js';
import type { Link } from '../../core/link.js';
import type { LinkHook } from '../../core/link-hook.js';
import { Parameter } from '../../core/parameter.js';
import type { Variable } from '../../core/variable.js';
import { KeyError } from '../../errors.js';

/** Puts a function of a parameter in its place before its link computes, and the parameter back afterwards. */
export abstract class ReplacedWeight implements LinkHook {
  readonly name: string;
  /** The field that holds the parameter. */
  readonly weightName: string;
  readonly #replaced = new Map<Link, Parameter>();

  constructor(name: string, weightName: string) {
    this.name = name;
    this.weightName = weightName;
  }

  /** What the link computes with instead. */
  protected abstract replacement(link: Link, weight: Parameter): Variable;

  /** The parameter that is replaced. @throws KeyError if the link has none of that name. */
  protected weightOf(link: Link): Parameter {
    const weight: unknown = Reflect.get(link, this.weightName);
    if (weight instanceof Parameter) return weight;
    throw new KeyError(`${this.name}: ${link.constructor.name} has no parameter '${this.weightName}'`);
  }

  added(link: Link): void {
    this.weightOf(link);
  }

  forwardPreprocess(link: Link, args: readonly unknown[]): void {
    const weight = this.weightOf(link);
    // A link that finds its sizes at the first call needs that call to find them.
    if (!weight.isInitialized) noBackpropMode(() => link.forward(...args));
    Reflect.set(link, this.weightName, this.replacement(link, weight));
    this.#replaced.set(link, weight);
  }

  forwardPostprocess(link: Link): void {
    const weight = this.#replaced.get(link);
    if (!weight) return;
    Reflect.set(link, this.weightName, weight);
    this.#replaced.delete(link);
  }
}
