/** `compile`: one recorded run of a model becomes a static graph, which runs again without autograd and without allocating. */
import type { VariableLike } from '../core/variable.js';
import { CompiledModel, type CompileOptions } from './compiled-model.js';
import { checkExamples } from './inputs.js';
import type { InputsLike } from './target.js';

export type { CompiledModel, CompileOptions } from './compiled-model.js';
export type { Compilable } from './target.js';

/**
 * Compiles a link or a function for inputs like the examples. One run in test mode is recorded as a graph of primitives. Constants
 * are folded; batch normalization is merged into the weights before it; biases, sums with shortcuts and activations become
 * epilogues of products; weights are packed if the device can; memory is planned in one arena. A call then runs the remaining
 * primitives, and allocates nothing but its results. Other shapes are traced at their first call. Each set of shapes has a graph of
 * its own, with its own packed weights.
 *
 * Results have the structure of the target's results, an array, a tuple, or a record, with arrays in place of Variables. Calls are
 * synchronous. The graph keeps the parameters of the time of the recording: compile again after training.
 *
 * Random numbers that the function draws on the device (F.gaussian, F.gumbelSoftmax, or F.dropout in train mode) are new at each
 * call, and equal to those that the function itself would draw. `np.random.seed` restarts them. The recording draws none.
 * `np.random` draws on the host, once, and is refused.
 *
 * ```ts
 * const predict = compile(model, [x]);
 * const y = predict(x); // a new array
 * predict.into(y, x2); // the same array, filled again
 * ```
 *
 * @throws GraphError if inputs are on different devices, if the function reads values that depend on them, if it draws with
 *   np.random, or if it calls a compiled model; ShapeError without examples; DeviceError if the device does not support the format
 *   `weights`; ValueError for `takeWeights` with a function, or for a `maxShapes` that is not a positive integer.
 */
export function compile<const A extends readonly VariableLike[], R>(
  target: (...inputs: NoInfer<InputsLike<A>>) => R,
  examples: A,
  options: CompileOptions = {},
): CompiledModel<A, R> {
  checkExamples(examples);
  const model = new CompiledModel<A, R>(target, options);
  model.graphFor(...examples);
  return model;
}
