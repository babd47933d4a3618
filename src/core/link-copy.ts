/** How the values in a link's fields are copied. Links among them are copied by whoever knows links. */
import { ValueError } from '../errors.js';
import { copy as copyArray, NDArray } from '../ndarray/np.js';
import { Parameter } from './parameter.js';

/** What becomes of a copied link's data: the same arrays, copies of them, or new initial values. */
export type CopyMode = 'share' | 'copy' | 'init';

/** The copy of one value. */
export type CopyValue = <T>(value: T) => T;

/**
 * Copies parameters and arrays as `mode` says, and lists and plain objects of such; everything else (functions, numbers,
 * initializers) stays the one it is. `copyLink` gives the copy of a link, and null for what is none.
 */
export function copierOf(mode: CopyMode, copyLink: (value: unknown) => unknown): CopyValue {
  const copy = (value: unknown): unknown => {
    if (value instanceof Parameter) return value.copy(mode);
    if (value instanceof NDArray) return mode === 'share' ? value : copyArray(value);
    if (Array.isArray(value)) return value.map(copy);
    if (isPlain(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item)]));
    return copyLink(value) ?? value;
  };
  // A copy has the type of its original, which only this function knows.
  return <T>(value: T) => copy(value) as T;
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
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
