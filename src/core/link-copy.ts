/** How the values in a link's fields are copied. Links among them are copied by whoever knows links. */
import { ValueError } from '../errors.js';
import { copy as copyArray, NDArray } from '../ndarray/np.js';
import { type CopyMode, Parameter } from './parameter.js';

/** The copy of one value. */
export type CopyValue = <T>(value: T) => T;

/**
 * Copies parameters and arrays as `mode` says, and lists, plain objects, Maps and Sets of such; everything else (functions,
 * numbers, initializers) stays the one it is. What is in two places is copied once. `copyLink` gives the copy of a link, and null for what is none.
 */
export function copierOf(mode: CopyMode, copyLink: (value: unknown) => unknown): CopyValue {
  const copies = new Map<object, unknown>();
  /** What is in two places stays one thing in the copy. */
  const once = <T extends object>(value: T, make: (value: T) => unknown): unknown => {
    if (!copies.has(value)) copies.set(value, make(value));
    return copies.get(value);
  };
  const copy = (value: unknown): unknown => {
    if (value instanceof Parameter) return once(value, (param) => param.copy(mode));
    if (value instanceof NDArray) return mode === 'share' ? value : once(value, copyArray);
    if (Array.isArray(value)) return value.map(copy);
    if (isA(Map, value)) return new Map([...value].map(([key, item]) => [copy(key), copy(item)]));
    if (isA(Set, value)) return new Set([...value].map(copy));
    if (isPlain(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item)]));
    return copyLink(value) ?? value;
  };
  // A copy has the type of its original, which only this function knows.
  return <T>(value: T) => copy(value) as T;
}

/** Whether a value is of a class, and of none that extends it. */
function isA<T extends object>(type: new () => T, value: unknown): value is T {
  return value instanceof type && Object.getPrototypeOf(value) === type.prototype;
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Runs something of a copied `name`; where it finds a `#private` member missing, the error says what to do about it. */
export function namingPrivateState<R>(name: string, run: () => R): R {
  try {
    return run();
  } catch (cause) {
    // Engines word it differently, and all of them with this word.
    if (!(cause instanceof TypeError && /private/.test(cause.message))) throw cause;
    throw new ValueError(
      `copy: ${name} keeps state in #private members, which a copy made from outside does not have; ` +
        `override blank() and adopt() in ${name}, or keep it in fields`,
      { cause },
    );
  }
}
