/** What a compiled model is made of and given: a target, arrays, Variables, and lists of which arrays are made. */

import { Variable, type VariableLike } from '../core/variable.js';
import { ShapeError } from '../errors.js';
import { operand } from '../ndarray/conversion.js';
import { NDArray } from '../ndarray/ndarray.js';
import { inWords } from '../options.js';

const isArray = (x: unknown): boolean => x instanceof NDArray || x instanceof Variable;

/** Inputs with arrays in the place of lists, numbers and host arrays. @throws TypeError that says which input is what. */
export function withArrays<I extends readonly VariableLike[]>(inputs: I): I {
  if (inputs.every(isArray)) return inputs;
  // Each keeps its place; a new array is a VariableLike as any other.
  return inputs.map((x, i) => (isArray(x) ? x : operand('compile', `input ${i}`, x))) as readonly VariableLike[] as I;
}

/** Frees what {@link withArrays} made: nobody else has it. */
export function freeMade(made: readonly VariableLike[], inputs: readonly VariableLike[]): void {
  for (const [i, x] of made.entries()) if (x !== inputs[i] && x instanceof NDArray) x.storage.free();
}

/** Refuses examples that are no list, such as one array alone. */
export function checkExamples(examples: readonly VariableLike[]): void {
  if (!Array.isArray(examples))
    throw new TypeError(`compile: the examples are ${inWords(examples)}, expected a list: compile(model, [x])`);
  if (examples.length === 0) throw new ShapeError('compile: at least one example input is needed');
}
