/** Checks of arguments for users of JavaScript, who have no type checker, and words for messages: of wrong values, unknown options, errors. */
import { otherCopy } from './copies.js';
import { ValueError } from './errors.js';

/**
 * A value in words, for messages: `3`, `the text 'a'`, `an array of 2`, `the function f`, `a Promise`, `an object { pad
 * }`. A value from another copy of the package is described as such.
 */
export function inWords(value: unknown): string {
  if (typeof value === 'string') return `the text '${value.length > 30 ? `${value.slice(0, 30)}…` : value}'`;
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return String(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  const kind: unknown = value.constructor?.name;
  if (!kind || kind === 'Object') return `an object { ${Object.keys(value).slice(0, 5).join(', ')} }`;
  // A link is a function too, but its class made it.
  if (typeof value === 'function' && kind === 'Function') return `the function ${value.name}`;
  const copy = otherCopy(value);
  return `a ${kind}${copy ? ` of another copy of rensa (version ${copy.version}; load one copy only: npm dedupe)` : ''}`;
}

/**
 * Refuses unknown options, and options that are not an object: a misspelt name would silently mean the default.
 *
 * @param op the function or class, for the message.
 * @param known an object with the name of every option as a key, such as the defaults.
 * @throws TypeError that lists the known names.
 */
export function checkOptions<T extends object>(
  op: string,
  options: T,
  known: Readonly<Record<keyof T, unknown>>,
): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError(`${op}: options are ${inWords(options)}, expected an object`);
  }
  for (const name in options) {
    if (!Object.hasOwn(known, name))
      throw new TypeError(`${op}: no option '${name}'; there are ${Object.keys(known).join(', ')}`);
  }
}

/** Refuses a value that is not a finite number. @throws ValueError */
export function checkFinite(op: string, name: string, value: unknown): asserts value is number {
  if (!Number.isFinite(value)) throw new ValueError(`${op}: ${name} is ${inWords(value)}, expected a finite number`);
}

/** {@link checkFinite} for several values, by name. */
export function checkNumbers(op: string, values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values)) checkFinite(op, name, value);
}

/** The message of a thrown value: an error's message, or any other value as text. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
