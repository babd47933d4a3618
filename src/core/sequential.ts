/** Sequential: layers applied one after the other. */
import { IndexError } from '../errors.js';
import { Link } from './link.js';
import { asVariable, type Variable, type VariableLike } from './variable.js';

/** A link, a function of `F`, a layer object, or a lambda. */
export type Layer = (x: VariableLike) => VariableLike;

/**
 * A list of layers, each fed the result of the one before; follows chainer.Sequential. Links among them are registered,
 * named by their place among the links.
 */
export class Sequential extends Link {
  readonly #layers: Layer[];

  constructor(...layers: Layer[]) {
    super();
    this.#layers = layers;
  }

  forward(x: VariableLike): Variable {
    let h = x;
    for (const layer of this.#layers) h = layer(h);
    return asVariable(h);
  }

  /** The number of layers. */
  get length(): number {
    return this.#layers.length;
  }

  /** The i-th layer, from the end if i is negative. @throws IndexError if there is none. */
  at(i: number): Layer {
    const layer = this.#layers.at(i);
    if (!layer) throw new IndexError(`Sequential: index ${i} is out of range for ${this.length} layers`);
    return layer;
  }

  /** Adds a layer at the end. */
  append(layer: Layer): void {
    this.#layers.push(layer);
  }

  /** The same layers with nested Sequentials taken apart. */
  flatten(): Sequential {
    return new Sequential(
      ...this.#layers.flatMap((l): Layer[] => (l instanceof Sequential ? l.flatten().#layers : [l])),
    );
  }

  override namedChildren(): [name: string, link: Link][] {
    return this.#layers.filter((layer) => layer instanceof Link).map((link, i) => [String(i), link]);
  }

  [Symbol.iterator](): IterableIterator<Layer> {
    return this.#layers.values();
  }
}
