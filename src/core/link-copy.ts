/** Copies the values in the fields of a link. The caller copies the links among them. */
import { ValueError } from '../errors.js';
import { copy as copyArray, NDArray } from '../ndarray/np.js';
import { type CopyMode, Parameter } from './parameter.js';

/** The copy of one value. */
export type CopyValue = <T>(value: T) => T;

/**
 * A function that copies parameters and arrays as `mode` says, also those in lists, plain objects, Maps and Sets. Other values
 * (functions, numbers, initializers) are shared. A value that stands in two fields is copied once. `copyLink` returns the copy of a
 * link, and null for any other value.
 */
export function copierOf(mode: CopyMode, copyLink: (value: unknown) => unknown): CopyValue {
  const copies = new Map<object, unknown>();
  /** Copies a value at its first place, and returns the same copy at all others. */
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
  // A copy has the type of its original.
  return <T>(value: T) => copy(value) as T;
}

/** Whether a value is of this very class, not of a subclass. */
function isA<T extends object>(type: new () => T, value: unknown): value is T {
  return value instanceof type && Object.getPrototypeOf(value) === type.prototype;
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Runs code of a copied link. If it fails because a `#private` member is missing, the error says how to mend that. */
export function namingPrivateState<R>(name: string, run: () => R): R {
  try {
    return run();
  } catch (cause) {
    // Engines word this message differently, but each says "private".
    if (!(cause instanceof TypeError && /private/.test(cause.message))) throw cause;
    throw new ValueError(
      `copy: ${name} keeps state in #private members, which a copy made from outside does not have; ` +
        `override blank() and adopt() in ${name}, or keep it in fields`,
      { cause },
    );
  }
}
