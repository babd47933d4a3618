/** The structure of a target's result: an array, or a list or record of results. Its arrays have a fixed order. */
import { Variable, type VariableLike } from '../core/variable.js';
import { GraphError } from '../errors.js';
import { NDArray } from '../ndarray/ndarray.js';
import { inWords } from '../options.js';

/** A result with arrays in the place of Variables: an array, a tuple, a list or a record. */
export type ArraysOf<R> = R extends VariableLike ? NDArray : { readonly [K in keyof R]: ArraysOf<R[K]> };

/** A structure whose leaves are the numbers of arrays. */
type Places = number | readonly Places[] | { readonly [name: string]: Places };

/** The array of an input; undefined for a value that is neither array nor Variable, which no graph accepts. */
export const arrayOf = (x: VariableLike): NDArray => (x instanceof NDArray ? x : x?.array);

/** The outline of a value, and the arrays in it. */
export interface Outlined<R> {
  readonly outline: Outline<R>;
  readonly arrays: readonly NDArray[];
}

/** The structure of a value of type R. */
export class Outline<R> {
  /** The name of each array: its key or its place; '' for a single array. */
  readonly names: readonly string[];
  readonly #places: Places;

  private constructor(places: Places, names: readonly string[]) {
    this.#places = places;
    this.names = names;
  }

  /**
   * The outline of a value, and the arrays in it.
   *
   * @param what the value's name in errors
   * @param absent a reason why the value may be undefined, for errors
   * @throws GraphError for a value that is not an array, or a list or record of them.
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

  /** A value of this structure with other arrays. */
  fill(arrays: readonly NDArray[]): ArraysOf<R> {
    const visit = (places: Places): unknown => {
      if (typeof places === 'number') return arrays[places];
      if (isList(places)) return places.map(visit);
      return Object.fromEntries(Object.entries(places).map(([key, part]) => [key, visit(part)]));
    };
    // The structure is that of an R.
    return visit(this.#places) as ArraysOf<R>;
  }
}

/** Whether a value is a list or a record, not a Map, a typed array or a promise. */
function isContainer(item: unknown): item is object {
  if (typeof item !== 'object' || item === null) return false;
  return Array.isArray(item) || !(Symbol.iterator in item || 'then' in item || ArrayBuffer.isView(item));
}

/** @throws GraphError naming the value and its place. */
function refuse(item: unknown, name: string, what: string, absent: string): never {
  const place = name === '' ? what : `'${name}' of ${what}`;
  const isPromise = item instanceof Promise;
  // Nothing waits for a refused promise, so its own error must not go unhandled.
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
