/** The base class of hooks that normalize weights: it replaces a weight while its link computes. */
import { noBackpropMode } from '../../core/config.js';
import type { Link } from '../../core/link.js';
import type { LinkHook } from '../../core/link-hook.js';
import { Parameter } from '../../core/parameter.js';
import type { Variable } from '../../core/variable.js';
import { KeyError } from '../../errors.js';

/** Replaces a parameter by a function of it before its link computes, and restores the parameter afterwards. */
export abstract class ReplacedWeight implements LinkHook {
  readonly name: string;
  /** The field that holds the parameter. */
  readonly weightName: string;
  readonly #replaced = new Map<Link, Parameter>();

  constructor(name: string, weightName: string) {
    this.name = name;
    this.weightName = weightName;
  }

  /** The variable that replaces the weight. */
  protected abstract replacement(link: Link, weight: Parameter): Variable;

  /** The parameter that the hook replaces. @throws KeyError if the link has no parameter of that name. */
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
    // A link without sizes needs the first call to set them.
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
