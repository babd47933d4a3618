/** What a compiled target gives back: an array, or a list or record of such. Arrays go in and out of it in a fixed order. */
import { Variable, type VariableLike } from '../core/variable.js';
import { GraphError } from '../errors.js';
import { NDArray } from '../ndarray/ndarray.js';

/** The same structure with arrays where Variables were: an array, a tuple, a list or a record. */
export type ArraysOf<R> = R extends VariableLike ? NDArray : { readonly [K in keyof R]: ArraysOf<R[K]> };

/** A structure with places of arrays for its leaves. */
type Places = number | readonly Places[] | { readonly [name: string]: Places };

/** The array of what functions accept. */
export const arrayOf = (x: VariableLike): NDArray => (x instanceof NDArray ? x : x.array);

/** How arrays lie in a value of type R. */
export class Outline<R> {
  /** What each array is called: its key or its place, '' for an array alone. */
  readonly names: readonly string[];
  readonly #places: Places;

  private constructor(places: Places, names: readonly string[]) {
    this.#places = places;
    this.names = names;
  }

  /**
   * The outline of a value, and the arrays in it.
   *
   * @throws GraphError for anything else than arrays, and lists and records of them.
   */
  static of<R>(value: R | ArraysOf<R>): { outline: Outline<R>; arrays: readonly NDArray[] } {
    const arrays: NDArray[] = [];
    const names: string[] = [];
    const visit = (item: unknown, name: string): Places => {
      if (item instanceof Variable || item instanceof NDArray) {
        names.push(name);
        return arrays.push(arrayOf(item)) - 1;
      }
      const inside = (key: string | number) => (name === '' ? `${key}` : `${name}.${key}`);
      if (Array.isArray(item)) return item.map((part, i) => visit(part, inside(i)));
      if (typeof item !== 'object' || item === null)
        throw new GraphError(`compile: a result is ${item === null ? 'null' : `a ${typeof item}`}, expected arrays`);
      return Object.fromEntries(Object.entries(item).map(([key, part]) => [key, visit(part, inside(key))]));
    };
    const places = visit(value, '');
    return { outline: new Outline(places, names), arrays };
  }

  /** A value of this structure made of other arrays. */
  fill(arrays: readonly NDArray[]): ArraysOf<R> {
    const visit = (places: Places): unknown => {
      if (typeof places === 'number') return arrays[places];
      if (isList(places)) return places.map(visit);
      return Object.fromEntries(Object.entries(places).map(([key, part]) => [key, visit(part)]));
    };
    // The structure was taken from an R.
    return visit(this.#places) as ArraysOf<R>;
  }
}

function isList(places: readonly Places[] | { readonly [name: string]: Places }): places is readonly Places[] {
  return Array.isArray(places);
}
