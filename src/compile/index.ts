/** `compile`: one recorded run of a model becomes a static graph, which runs again without autograd and without allocating. */
import type { VariableLike } from '../core/variable.js';
import { CompiledModel, type CompileOptions } from './compiled-model.js';
import { checkExamples } from './inputs.js';
import type { InputsLike } from './target.js';

export type { CompiledModel, CompileOptions } from './compiled-model.js';
export type { Compilable } from './target.js';

/**
 * Compiles a link or a function for inputs like the examples: it is run once in test mode and its primitives recorded;
 * constants are folded, batch normalization goes into the weights before it, biases, sums with shortcuts and activations go into
 * the products' epilogues, weights are packed where the device can, and memory is planned in one arena. Then a call runs the
 * primitives that are left, and allocates its results and nothing else. Inputs of other shapes are traced when they come; each
 * shape has a graph of its own, with weights packed for it.
 *
 * Results are structured as the target gives them: an array, a tuple, or a record by name, with arrays in place of Variables.
 * Calls are synchronous. Parameters are used as they are at the time of the trace; compile again after training.
 *
 * What the function draws on the device (F.gaussian, F.gumbelSoftmax, or F.dropout in train mode) is drawn anew at each call:
 * `np.random.seed` restarts it, and calls give the numbers that the function itself would draw in the same order. Tracing draws
 * nothing. `np.random` draws on the host, once, and is refused.
 *
 * ```ts
 * const predict = compile(model, [x]);
 * const y = predict(x); // a new array
 * predict.into(y, x2); // the same array, filled again
 * ```
 *
 * @throws GraphError if inputs are on different devices, if the course of the program depends on their values, or if it draws with
 *   np.random; ShapeError without
 *   examples; DeviceError where the device keeps weights as float32 only and `weights` says otherwise; ValueError if a function is
 *   to give up its weights.
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
