/** The inputs of a compiled model: arrays, Variables, and numbers or lists that become arrays. */

import { Variable, type VariableLike } from '../core/variable.js';
import { ShapeError } from '../errors.js';
import { operand } from '../ndarray/conversion.js';
import { NDArray } from '../ndarray/ndarray.js';
import { inWords } from '../options.js';

const isArray = (x: unknown): boolean => x instanceof NDArray || x instanceof Variable;

/** The inputs, with arrays made of lists, numbers and host arrays. @throws TypeError naming an input that cannot become an array. */
export function withArrays<I extends readonly VariableLike[]>(inputs: I): I {
  if (inputs.every(isArray)) return inputs;
  // Each input keeps its place, and a new array is a VariableLike too.
  return inputs.map((x, i) => (isArray(x) ? x : operand('compile', `input ${i}`, x))) as readonly VariableLike[] as I;
}

/** Frees the arrays that {@link withArrays} made. */
export function freeMade(made: readonly VariableLike[], inputs: readonly VariableLike[]): void {
  for (const [i, x] of made.entries()) if (x !== inputs[i] && x instanceof NDArray) x.storage.free();
}

/** @throws TypeError for examples that are not a list, such as a single array; ShapeError for none. */
export function checkExamples(examples: readonly VariableLike[]): void {
  if (!Array.isArray(examples))
    throw new TypeError(`compile: the examples are ${inWords(examples)}, expected a list: compile(model, [x])`);
  if (examples.length === 0) throw new ShapeError('compile: at least one example input is needed');
}
