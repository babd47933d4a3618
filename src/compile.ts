/** `compile`: a model, run once, becomes a static graph that runs again without autograd and without allocating. */
import { Callable } from './core/callable.js';
import { noBackpropMode, usingConfig } from './core/config.js';
import { asVariable, type VariableLike } from './core/variable.js';
import { GraphError, ShapeError } from './errors.js';
import { toDot } from './graph/dot.js';
import { Executor } from './graph/executor.js';
import { Constants, withFusedProducts } from './graph/fuse.js';
import { type GraphNode, readsOf, withFoldedConstants, withoutDeadNodes } from './graph/graph.js';
import { record } from './graph/record.js';
import { scope } from './ndarray/lifetime.js';
import { allocate, type NDArray } from './ndarray/ndarray.js';
import { formatShape } from './ndarray/shape.js';

/** What can be compiled: a link, or any function of arrays. */
export type Compilable<A extends readonly VariableLike[]> = (...inputs: A) => VariableLike;

/** A compiled model. Calling it gives what the model gives in test mode, as a new array. */
export class CompiledModel<A extends readonly VariableLike[] = readonly VariableLike[]> extends Callable {
  readonly #target: Compilable<A>;
  readonly #executors = new Map<string, Executor>();

  constructor(target: Compilable<A>) {
    super();
    this.#target = target;
  }

  /** The result for inputs; shapes not seen before are traced first. */
  override forward(...inputs: A): NDArray {
    const executor = this.executorFor(...inputs);
    const [x] = inputs;
    const [y] = executor.run(inputs.map((input) => asVariable(input).array));
    // The graph's own memory is written again by the next run.
    const result = allocate(y.shape, y.dtype, asVariable(x).array.device);
    result.device.cast(y, result);
    return result;
  }

  /** Traces the target for the inputs' shapes, unless that has been done. */
  executorFor(...inputs: A): Executor {
    const arrays = inputs.map((x) => asVariable(x).array);
    if (arrays.length === 0) throw new ShapeError('compile: at least one example input is needed');
    const key = arrays.map((x) => `${x.device.name} ${x.dtype} ${formatShape(x.shape)}`).join(', ');
    let executor = this.#executors.get(key);
    if (!executor) {
      executor = trace(this.#target, arrays, inputs);
      this.#executors.set(key, executor);
    }
    return executor;
  }

  /**
   * Gets ready for inputs of the given shapes: traces the target, and compiles the kernels that its graph needs, in parallel
   * where the device can. Without it the first call does so.
   */
  async warmUp(...inputs: A): Promise<void> {
    const executor = this.executorFor(...inputs);
    const arrays = inputs.map((x) => asVariable(x).array);
    await arrays[0].device.warmUp?.(() => {
      executor.run(arrays);
    });
  }

  /** Milliseconds by node, for inputs of the given shapes, slowest first. */
  profile(...inputs: A): [node: GraphNode, milliseconds: number][] {
    const executor = this.executorFor(...inputs);
    return executor.profile(inputs.map((x) => asVariable(x).array)).sort((a, b) => b[1] - a[1]);
  }

  /** The graph for inputs of the given shapes, in the language of Graphviz. */
  dot(...inputs: A): string {
    return toDot(this.executorFor(...inputs).graph);
  }
}

/** Runs the target once in test mode and makes an executor of what it did. */
function trace<A extends readonly VariableLike[]>(
  target: Compilable<A>,
  arrays: readonly NDArray[],
  inputs: A,
): Executor {
  const [{ device }] = arrays;
  for (const x of arrays) {
    if (x.device !== device) throw new GraphError(`compile: inputs on '${device.name}' and '${x.device.name}'`);
  }
  return scope(target, () => {
    const { graph, abandoned } = record(arrays, device, () =>
      scope(target, () =>
        usingConfig('train', false, () => noBackpropMode(() => [asVariable(target(...inputs)).array])),
      ),
    );
    const constants = new Constants(device);
    const fused = withFusedProducts(withoutDeadNodes(withFoldedConstants(withoutDeadNodes(graph))), constants);
    const needed = new Set(fused.nodes.flatMap(readsOf).map(({ buffer }) => buffer.constant));
    for (const memory of abandoned) {
      if (needed.has(memory)) constants.owned.push(memory);
      else device.free(memory);
    }
    // A chain of folded scales leaves constants behind that only the next one read.
    const [kept, spare] = [constants.owned.filter((m) => needed.has(m)), constants.owned.filter((m) => !needed.has(m))];
    for (const memory of spare) device.free(memory);
    return new Executor(fused, device, kept);
  });
}

/**
 * Compiles a link or a function for inputs like the examples: it is run once in test mode and its primitives recorded;
 * constants are folded, batch normalization goes into the weights before it, biases and activations into the products'
 * epilogues, and memory is planned, so that a call allocates its result and nothing else. Other shapes are traced when they
 * come.
 *
 * Parameters are used as they are at the time of the trace; compile again after training.
 *
 * @throws GraphError if inputs are on different devices, ShapeError without examples.
 */
export function compile<A extends readonly VariableLike[]>(target: Compilable<A>, examples: A): CompiledModel<A> {
  const model = new CompiledModel(target);
  model.executorFor(...examples);
  return model;
}
