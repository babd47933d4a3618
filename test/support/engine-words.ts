/** Tells the library's own errors from errors of the JavaScript engine. */
import { RensaError } from '../../src/errors.js';

/**
 * Messages of engines about undefined values, impossible sizes and overflowing stacks. "undefined is not a number" and "undefined is not a
 * list of indices" are messages of the library.
 */
const ENGINE =
  /Cannot (read|set|convert|destructure|mix|use|access|perform|assign|define|delete|add)|is not a function|(is|are) not iterable|undefined is not(?! a (?:number|list of indices)\b)|is not an? (object|constructor|Object)|Invalid (array|typed array|count|string|time|left-hand|regular)|\(intermediate value\)|is not defined|Maximum call stack|Reduce of empty|out of bounds|Class constructor|must be a|is read-only|read only property|Array buffer allocation|BigInt (mix|too)|detached ArrayBuffer|incompatible receiver|is not extensible|circular structure/;

/**
 * Messages of checked mode about a call that would read or write outside its operands. No argument may lead a kernel
 * there.
 */
export const VIOLATION = /checked mode: /;

/**
 * Whether an error is the library's own: of a class of src/errors.ts, or a TypeError with a message of the library
 * (for an argument of the wrong type). Errors of the engine about unchecked values are not, whatever their class.
 */
export function isMeant(error: unknown): boolean {
  if (!(error instanceof Error) || ENGINE.test(error.message) || VIOLATION.test(error.message)) return false;
  return error instanceof RensaError || error instanceof TypeError;
}
