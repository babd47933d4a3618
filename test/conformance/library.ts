/** Looks names of the library up for cases. A name that does not exist fails its case alone. */
import * as rensa from 'rensa';
import { Mismatch } from './compare.js';

type Callable = (...args: unknown[]) => unknown;
type Constructor = new (...args: unknown[]) => unknown;

function lookUp(path: string): unknown {
  let found: unknown = rensa;
  for (const name of path.split('.')) {
    found =
      typeof found === 'object' && found !== null
        ? Object.entries(found).find(([key]) => key === name)?.[1]
        : undefined;
  }
  if (typeof found !== 'function') throw new Mismatch(`${path} does not exist`);
  return found;
}

/** Calls the function at a path such as `F.relu`. */
export function call(path: string, ...args: unknown[]): unknown {
  return (lookUp(path) as Callable)(...args);
}

/** Makes an instance of the class at a path such as `L.Linear`. */
export function construct(path: string, ...args: unknown[]): unknown {
  return Reflect.construct(lookUp(path) as Constructor, args);
}

/** A result that must be a variable. */
export function asVariable(what: string, value: unknown): rensa.Variable {
  if (value instanceof rensa.Variable) return value;
  throw new Mismatch(`${what} gave ${String(value)}, which is not a variable`);
}
