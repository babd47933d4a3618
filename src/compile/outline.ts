/** What a compiled target gives back: an array, or a list or record of such. Arrays go in and out of it in a fixed order. */
import { Variable, type VariableLike } from '../core/variable.js';
import { GraphError } from '../errors.js';
import { NDArray } from '../ndarray/ndarray.js';
import { inWords } from '../options.js';

/** The same structure with arrays where Variables were: an array, a tuple, a list or a record. */
export type ArraysOf<R> = R extends VariableLike ? NDArray : { readonly [K in keyof R]: ArraysOf<R[K]> };

/** A structure with places of arrays for its leaves. */
type Places = number | readonly Places[] | { readonly [name: string]: Places };

/** The array of what functions accept; of anything else it is undefined, which no graph accepts. */
export const arrayOf = (x: VariableLike): NDArray => (x instanceof NDArray ? x : x?.array);

/** The outline of a value, and the arrays in it. */
export interface Outlined<R> {
  readonly outline: Outline<R>;
  readonly arrays: readonly NDArray[];
}

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
   * The outline of a value, and the arrays in it. In errors, `what` is the value, and `absent` says why it may be undefined.
   *
   * @throws GraphError for anything else than arrays, and lists and records of them.
   */
  static of<R>(value: R | ArraysOf<R>, what: string, absent = ''): Outlined<R> {
    const arrays: NDArray[] = [];
    const names: string[] = [];
    const around: unknown[] = [];
    const visit = (item: unknown, name: string): Places => {
      if (item instanceof Variable || item instanceof NDArray) {
        names.push(name);
        return arrays.push(arrayOf(item)) - 1;
      }
      if (!isContainer(item)) refuse(item, name, what, absent);
      if (around.includes(item)) throw new GraphError(`compile: '${name}' of ${what} is what it is part of`);
      around.push(item);
      const inside = (key: string | number) => (name === '' ? `${key}` : `${name}.${key}`);
      const places = Array.isArray(item)
        ? item.map((part, i) => visit(part, inside(i)))
        : Object.fromEntries(Object.entries(item).map(([key, part]) => [key, visit(part, inside(key))]));
      around.pop();
      return places;
    };
    const places = visit(value, '');
    if (arrays.length === 0) throw new GraphError(`compile: ${what} is ${inWords(value)} without any array`);
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

/** Whether something is a list or a record: no Map, no typed array, no promise. */
function isContainer(item: unknown): item is object {
  if (typeof item !== 'object' || item === null) return false;
  return Array.isArray(item) || !(Symbol.iterator in item || 'then' in item || ArrayBuffer.isView(item));
}

/** @throws GraphError that says what came, and where. */
function refuse(item: unknown, name: string, what: string, absent: string): never {
  const place = name === '' ? what : `'${name}' of ${what}`;
  const isPromise = item instanceof Promise;
  // Who learns that a promise is refused does not wait for it.
  if (isPromise) item.catch(() => {});
  const reason = isPromise
    ? ': what is compiled is synchronous, so await before it and pass what came as an input'
    : item === undefined
      ? absent
      : '';
  throw new GraphError(
    `compile: ${place} is ${inWords(item)}, expected an array, a Variable, or a list or record of them${reason}`,
  );
}

function isList(places: readonly Places[] | { readonly [name: string]: Places }): places is readonly Places[] {
  return Array.isArray(places);
}
