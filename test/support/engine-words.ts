/** Tells the library's own errors from errors of the JavaScript engine. */
import { RensaError } from '../../src/errors.js';

/** What engines say of undefined and its like, of sizes that they cannot make, and of stacks that overflow. */
const ENGINE =
  /Cannot (read|set|convert|destructure|mix|use|access|perform|assign|define|delete|add)|is not a function|(is|are) not iterable|undefined is not|is not an? (object|constructor|Object)|Invalid (array|typed array|count|string|time|left-hand|regular)|\(intermediate value\)|is not defined|Maximum call stack|Reduce of empty|out of bounds|Class constructor|must be a|is read-only|read only property|Array buffer allocation|BigInt (mix|too)|detached ArrayBuffer|incompatible receiver|is not extensible|circular structure/;

/** What checked mode says of a call that would have read or written outside of its operands: nobody may bring a kernel there. */
export const VIOLATION = /checked mode: /;

/**
 * Whether an error is one that the library means: of a class of src/errors.ts, or a TypeError in words of its own (for an argument of
 * the wrong type). What the engine says of values that nobody checked is neither, whatever class it comes in.
 */
export function isMeant(error: unknown): boolean {
  if (!(error instanceof Error) || ENGINE.test(error.message) || VIOLATION.test(error.message)) return false;
  return error instanceof RensaError || error instanceof TypeError;
}
