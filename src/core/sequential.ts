/** Sequential: layers applied one after the other. */
import { otherCopy } from '../copies.js';
import { IndexError, ValueError } from '../errors.js';
import { inWords } from '../options.js';
import { Callable } from './callable.js';
import { Link } from './link.js';
import type { CopyValue } from './link-copy.js';
import type { CopyMode } from './parameter.js';
import { asVariable, type Variable, type VariableLike } from './variable.js';

/** A link, a function of `F`, a layer object, or a lambda. */
export type Layer = (x: VariableLike) => VariableLike;

/** A class of layers, such as `L.Linear` or `F.Dropout`. */
export type LayerType = abstract new (...args: never[]) => unknown;

declare module './link.js' {
  interface Link {
    /**
     * A {@link Sequential} of `n` copies of this link, by default with initial values of their own; follows
     * chainer.Link.repeat.
     */
    repeat(n: number, mode?: CopyMode): Sequential;
  }
}

/** Refuses values that cannot be called, and classes, where an instance is meant: `new F.ReLU()` for `F.ReLU`. */
function checkLayer(layer: unknown): void {
  if (typeof layer !== 'function' || otherCopy(layer))
    throw new TypeError(`Sequential: a layer is ${inWords(layer)}, expected a link or a function`);
  if (layer.prototype instanceof Callable)
    throw new TypeError(`Sequential: a layer is the class ${layer.name}, expected an instance: new ${layer.name}(…)`);
}

/**
 * A list of layers. Each takes the result of the layer before it. Links among them are registered under their position among the
 * links. Follows chainer.Sequential.
 *
 * @example
 * const model = new Sequential(new L.Linear(2, 3, { initialW: 1 }), F.relu, new L.Linear(3, 1, { initialW: 1 }));
 * model(np.array([[1, 1]])).array.tolist(); // [[6]]
 * [...model.namedParams()].map(([path]) => path); // ['/0/W', '/0/b', '/1/W', '/1/b']
 */
export class Sequential extends Link {
  readonly #layers: Layer[];

  constructor(...layers: Layer[]) {
    super();
    for (const layer of layers) checkLayer(layer);
    this.#layers = layers;
  }

  /** @throws TypeError if a layer returns nothing, as a `forward` without `return` does. */
  forward(x: VariableLike): Variable {
    let h = x;
    for (const layer of this.#layers) {
      h = layer(h);
      if (h === undefined || h === null) {
        const at = this.#layers.indexOf(layer);
        throw new TypeError(`Sequential: layer ${at}, ${inWords(layer)}, returned ${h}, expected an array`);
      }
    }
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
    checkLayer(layer);
    this.#layers.push(layer);
  }

  /** Inserts a layer at position i, from the end if i is negative. Later layers move up. */
  insert(i: number, layer: Layer): void {
    checkLayer(layer);
    this.#layers.splice(i, 0, layer);
  }

  /** Adds the layers of a list, or of another Sequential, at the end. */
  extend(layers: Iterable<Layer>): void {
    for (const layer of layers) this.append(layer);
  }

  /** Removes the i-th layer, the last by default, and returns it. @throws IndexError if there is none. */
  pop(i = -1): Layer {
    const layer = this.at(i);
    this.#layers.splice(i, 1);
    return layer;
  }

  /** Removes the first occurrence of a layer. @throws ValueError if it is not there. */
  remove(layer: Layer): void {
    const at = this.#layers.indexOf(layer);
    if (at < 0) throw new ValueError('Sequential: the layer to remove is not there');
    this.#layers.splice(at, 1);
  }

  /** Removes all layers of a class: `removeByLayerType(L.Linear)`. Follows Chainer's remove_by_layer_type. */
  removeByLayerType(type: LayerType): void {
    const kept = this.#layers.filter((layer) => !(layer instanceof type));
    this.#layers.splice(0, this.#layers.length, ...kept);
  }

  /** The number of layers of a class; follows Chainer's count_by_layer_type. */
  countByLayerType(type: LayerType): number {
    return this.#layers.filter((layer) => layer instanceof type).length;
  }

  /** The first position of a layer, -1 if it is not there. */
  indexOf(layer: Layer): number {
    return this.#layers.indexOf(layer);
  }

  /** Removes all layers. */
  clear(): void {
    this.#layers.length = 0;
  }

  /** These layers `n` times over, links copied as {@link Link.copy} does; follows chainer.Sequential.repeat. */
  override repeat(n: number, mode: CopyMode = 'init'): Sequential {
    const repeated = new Sequential();
    for (let i = 0; i < n; i++) repeated.extend(this.copy(mode));
    return repeated;
  }

  protected override blank(): Link {
    return Reflect.construct(Sequential, [], this.constructor);
  }

  protected override adopt(source: Link, copy: CopyValue): void {
    super.adopt(source, copy);
    if (source instanceof Sequential) this.#layers.push(...source.#layers.map((layer) => copy(layer)));
  }

  /** A Sequential of the same layers, in which nested Sequentials are replaced by their layers. */
  flatten(): Sequential {
    return new Sequential(
      ...this.#layers.flatMap((l): Layer[] => (l instanceof Sequential ? l.flatten().#layers : [l])),
    );
  }

  override namedChildren(): [name: string, link: Link][] {
    return this.#layers.filter((layer) => layer instanceof Link).map((link, i) => [String(i), link]);
  }

  /** The layers. The name of a link is its position among the links; functions have no name. */
  protected override parts(): readonly (readonly [name: string, part: unknown])[] {
    let links = 0;
    return this.#layers.map((layer) => [layer instanceof Link ? String(links++) : '', layer]);
  }

  /** Visits the layers in order, functions among them. */
  [Symbol.iterator](): IterableIterator<Layer> {
    return this.#layers.values();
  }
}

// A Sequential is a link, so link.ts cannot import this file.
Link.prototype.repeat = function (n, mode = 'init') {
  const repeated = new Sequential();
  // A link that is repeated takes one array and returns one.
  for (let i = 0; i < n; i++) repeated.append(this.copy(mode) as Link & Layer);
  return repeated;
};
