/** `compile`: a model, run once, becomes a static graph that runs again without autograd and without allocating. */
import type { WeightFormat } from './backends/backend.js';
import { compareResults, type ResultComparison } from './compile/compare.js';
import { checkExamples, checkTarget, freeMade, withArrays } from './compile/inputs.js';
import { type ArraysOf, arrayOf, Outline } from './compile/outline.js';
import { WeightOwner } from './compile/weight-owner.js';
import { Callable } from './core/callable.js';
import { noBackpropMode, usingConfig } from './core/config.js';
import { LayerNames } from './core/layer-names.js';
import { Link } from './core/link.js';
import { usingLinkHook } from './core/link-hook.js';
import { Variable, type VariableLike } from './core/variable.js';
import { GraphError, MemoryError, RensaError, ShapeError, ValueError } from './errors.js';
import { CompiledGraph } from './graph/compiled-graph.js';
import type { Ref } from './graph/graph.js';
import { type OnnxOptions, toOnnx } from './graph/onnx/write.js';
import type { GraphProfile } from './graph/profile.js';
import type { GraphSummary } from './graph/summary.js';
import { type Recording, trace } from './graph/trace.js';
import { zeros } from './ndarray/creation.js';
import { withoutTakingStreams } from './ndarray/kernel-streams.js';
import { keep, scope } from './ndarray/lifetime.js';
import { copy } from './ndarray/manipulation.js';
import type { NDArray } from './ndarray/ndarray.js';
import { formatShape } from './ndarray/shape.js';
import { checkOptions } from './options.js';

/** Arguments like given examples. */
export type InputsLike<A extends readonly unknown[]> = { -readonly [K in keyof A]: VariableLike };

/** What can be compiled: a link, or any function of arrays that gives an array, or a list or record of arrays. */
export type Compilable<A extends readonly VariableLike[], R> = (...inputs: InputsLike<A>) => R;

/** Options of {@link compile}. */
export interface CompileOptions {
  /**
   * Gives the same arrays at each call, filled anew: results are valid until the next call, and calls allocate nothing. Default
   * false: results are new arrays.
   */
  reuse?: boolean;
  /** How the weights of convolutions and products are kept. Default 'float32'. */
  weights?: WeightFormat;
  /**
   * Hands the link's parameters over, so that weights are in memory once: the link cannot be used any more, and other shapes than
   * the examples' cannot be compiled. Default false: the link stays as it is, and packed weights are copies.
   */
  takeWeights?: boolean;
  /** For how many shapes of inputs graphs are kept; beyond that the one longest unused is freed. Default 8. */
  maxShapes?: number;
}

/** A graph with the structure of its results. */
interface Entry<R> {
  readonly graph: CompiledGraph;
  readonly outline: Outline<R>;
  /** What calls give that use arrays again. */
  reused: ArraysOf<R> | null;
  /** Results that do not depend on the inputs. */
  readonly constants: readonly NDArray[];
}

/** The names of the options. */
const OPTIONS = { reuse: true, weights: true, takeWeights: true, maxShapes: true } satisfies Record<
  keyof CompileOptions,
  true
>;

/** In which way inputs are unlike those before, for messages. */
function differences(arrays: readonly NDArray[], before: readonly Ref[]): string {
  const inWordsOf = ({ dtype }: { dtype: string }, shape: readonly number[]) => `${dtype} ${formatShape(shape)}`;
  return arrays
    .map((x, i) => [i, inWordsOf(x, x.shape), inWordsOf(before[i].buffer, before[i].shape)] as const)
    .map(([i, now, then]) =>
      now === then ? '' : `; input ${i} of the compiled model is ${now}, in the call before ${then}`,
    )
    .join('');
}

const freed = (): MemoryError => new MemoryError('compile: this compiled model was freed');

const isEmpty = (inputs: readonly unknown[]): inputs is [] => inputs.length === 0;

/** Compiled models that are garbage give their graphs' memory back. */
const net = new FinalizationRegistry<Entry<unknown>[]>((entries) => {
  for (const { graph } of entries) graph.free();
});

/**
 * A compiled model. Calling it gives what the model gives in test mode, in arrays structured like the model's results. Its
 * memory is given back by {@link free}, at the end of a `using` block, or when it is garbage.
 */
export class CompiledModel<A extends readonly VariableLike[] = readonly VariableLike[], R = VariableLike>
  extends Callable
  implements Disposable
{
  readonly #target: Compilable<A, R>;
  readonly #options: CompileOptions;
  /** The graphs, the last used first. */
  readonly #entries: Entry<R>[] = [];
  #state: 'open' | 'taken' | 'freed' = 'open';

  constructor(target: Compilable<A, R>, options: CompileOptions = {}) {
    super();
    checkTarget(target);
    checkOptions('compile', options, OPTIONS);
    const { maxShapes = 8 } = options;
    if (!Number.isInteger(maxShapes) || maxShapes < 1)
      throw new ValueError(`compile: maxShapes is ${maxShapes}, expected a positive integer`);
    this.#target = target;
    this.#options = options;
    net.register(this, this.#entries, this.#entries);
  }

  /**
   * The results for inputs; shapes not seen before are traced first. Of lists, numbers and host arrays, arrays are made.
   *
   * @throws ShapeError unless there are as many inputs as examples, TypeError for an input that is no array.
   */
  override forward(...inputs: InputsLike<A>): ArraysOf<R> {
    const arrays = inputs.map(arrayOf);
    const entry = this.#find(arrays);
    return entry ? this.#run(entry, arrays) : this.#runNew(inputs);
  }

  #run(entry: Entry<R>, arrays: readonly NDArray[]): ArraysOf<R> {
    if (!this.#options.reuse) return entry.outline.fill(entry.graph.run(arrays, true));
    const results = entry.graph.rerun(arrays, true);
    entry.reused ??= entry.outline.fill(results);
    return entry.reused;
  }

  /** Runs on inputs that no graph is made for, or that are no arrays yet. */
  #runNew(inputs: InputsLike<A>): ArraysOf<R> {
    const given = withArrays(inputs);
    const arrays = given.map(arrayOf);
    const results = this.#run(this.#entryFor(given, arrays), arrays);
    if (given !== inputs) freeMade(given, inputs);
    return results;
  }

  /**
   * Fills arrays with the results: `outputs` is structured like what a call gives. Nothing is allocated.
   *
   * @throws ShapeError, DTypeError or DeviceError if an array is not like its result, ValueError if it shares memory with an
   *   input or another result.
   */
  into(outputs: ArraysOf<R>, ...inputs: InputsLike<A>): void {
    const given = withArrays(inputs);
    const arrays = given.map(arrayOf);
    const { graph } = this.#entryFor(given, arrays);
    graph.runInto(Outline.of<R>(outputs, 'what the results go into').arrays, arrays);
    if (given !== inputs) freeMade(given, inputs);
  }

  /** The graph for inputs of these shapes, traced if need be; without inputs the one last used. */
  graphFor(...inputs: InputsLike<A> | []): CompiledGraph {
    if (!isEmpty(inputs)) return this.#entryFor(withArrays(inputs)).graph;
    const [latest] = this.#entries;
    if (!latest)
      throw this.#state === 'freed' ? freed() : new ShapeError('compile: at least one example input is needed');
    return latest.graph;
  }

  /**
   * Gets ready for inputs of the given shapes: traces the target, and compiles the kernels that its graph needs, in parallel
   * where the device can. Without it the first call does so.
   */
  async warmUp(...inputs: InputsLike<A>): Promise<void> {
    const given = withArrays(inputs);
    const arrays = given.map(arrayOf);
    const { graph } = this.#entryFor(given, arrays);
    await arrays[0].device.warmUp?.(() => {
      withoutTakingStreams(() =>
        scope(null, () => {
          graph.run(arrays);
        }),
      );
    });
  }

  /**
   * A table of the layers: operation, output, parameters, multiplications, algorithm, bytes of weights; and what the memory for
   * what is computed takes. For the shapes of `inputs`, or those last used. Printing it gives the table.
   */
  summary(...inputs: InputsLike<A> | []): GraphSummary {
    return this.graphFor(...inputs).summary();
  }

  /**
   * Times of the layers in milliseconds, in the order they run, for `inputs`, or for zeros of the shapes last used.
   * `profile().sorted()` has the slowest first. Printing it gives a table.
   */
  profile(...inputs: InputsLike<A> | []): GraphProfile {
    const given = withArrays(inputs);
    return this.graphFor(...given).profile(given.length === 0 ? null : given.map(arrayOf));
  }

  /** The graph for the shapes of `inputs`, or those last used, in the language of Graphviz. */
  dot(...inputs: InputsLike<A> | []): string {
    return this.graphFor(...inputs).dot();
  }

  /**
   * The bytes of an ONNX file that computes the same, with standard operators (version 17) and the weights inside, for inputs of
   * the shapes last used. The target is traced once more, because the graph that runs may have given its weights up for packed
   * ones. Results that are a record have their keys as names.
   *
   * @throws GraphError naming a primitive that ONNX has no operator for, or if the model's parameters were handed over.
   */
  toOnnx(options: OnnxOptions = {}): Uint8Array {
    const { graph, device } = this.graphFor().executor;
    return scope(null, () => {
      const inputs = graph.inputs.map(({ shape, buffer }) =>
        zeros(shape, { dtype: buffer.dtype, device: device.name }),
      );
      return this.#record(inputs as InputsLike<A>, inputs, (recording) => {
        const { names } = recording.result.outline;
        const outputNames = names.map((name, i) => (/^\d*$/.test(name) ? (options.outputNames?.[i] ?? '') : name));
        return toOnnx(recording.graph, device, recording.abandoned, { outputNames, ...options });
      });
    });
  }

  /**
   * What smaller weights cost: compares each result for `inputs` with that of the model compiled with float32 weights, which is
   * done for this and freed again.
   *
   * @throws GraphError if the model's parameters were handed over.
   */
  compareWeights(...inputs: InputsLike<A>): ResultComparison[] {
    const given = withArrays(inputs);
    const arrays = given.map(arrayOf);
    const { graph, outline } = this.#entryFor(given, arrays);
    const reference = this.#trace(given, 'float32');
    const comparisons = scope(null, () => {
      // Both draw the same random numbers.
      const want = withoutTakingStreams(() => reference.graph.run(arrays));
      const got = withoutTakingStreams(() => graph.run(arrays));
      return got.map((y, i) => compareResults(outline.names[i], y, want[i]));
    });
    reference.graph.free();
    return comparisons;
  }

  /** Frees the graphs with their weights and working memory. The model cannot be called any more; a second call does nothing. */
  free(): void {
    this.#state = 'freed';
    net.unregister(this.#entries);
    for (const { graph } of this.#entries.splice(0)) graph.free();
  }

  /** The same as {@link free}. */
  dispose(): void {
    this.free();
  }

  /** Frees the model at the end of a `using` block; see {@link free}. */
  [Symbol.dispose](): void {
    this.free();
  }

  /** The graph for arrays like these, if it is there. The last used is tried first, without allocating. */
  #find(arrays: readonly NDArray[]): Entry<R> | null {
    const entries = this.#entries;
    if (this.#state === 'freed') throw freed();
    for (let i = 0; i < entries.length; i++) {
      if (!entries[i].graph.accepts(arrays)) continue;
      if (i > 0) entries.unshift(...entries.splice(i, 1));
      return entries[0];
    }
    return null;
  }

  /** The graph for arrays like these, traced if need be. */
  #entryFor(inputs: InputsLike<A>, arrays: readonly NDArray[] = inputs.map(arrayOf)): Entry<R> {
    const found = this.#find(arrays);
    if (found) return found;
    const entries = this.#entries;
    const before = entries[0]?.graph.graph.inputs;
    if (before && before.length !== arrays.length)
      throw new ShapeError(`compile: ${arrays.length} inputs, expected ${before.length} as in the examples`);
    const { weights = 'float32', takeWeights = false, maxShapes = 8 } = this.#options;
    let entry: Entry<R>;
    try {
      entry = this.#trace(inputs, weights, takeWeights);
    } catch (error) {
      if (!before || !(error instanceof RensaError)) throw error;
      // The model says what it does not take, and not that it took something else before. Its errors take a message.
      const Kind = error.constructor as new (...args: ConstructorParameters<typeof RensaError>) => RensaError;
      throw new Kind(error.message + differences(arrays, before), { cause: error });
    }
    entries.unshift(entry);
    for (const { graph } of entries.splice(maxShapes)) graph.free();
    if (takeWeights) this.#state = 'taken';
    return entry;
  }

  /** Runs the target once in test mode and makes a graph of what it did. */
  #trace(inputs: InputsLike<A>, weights: WeightFormat, takeWeights = false): Entry<R> {
    const arrays = inputs.map(arrayOf);
    return this.#record(inputs, arrays, ({ graph, result, abandoned }) => {
      const owner = takeWeights ? new WeightOwner(this.#target) : null;
      const compiled = new CompiledGraph(graph, arrays[0].device, abandoned, { weights, ...owner?.options });
      owner?.handOver(compiled.executor);
      // A result that does not depend on the inputs is read where it is.
      const constants = result.arrays.filter((y) => compiled.executor.reads(y.memory));
      return { graph: compiled, outline: result.outline, reused: null, constants: keep(constants) };
    });
  }

  /** Runs the target once in test mode and makes something of what it did; memory that was given up belongs to `make`. */
  #record<T>(
    inputs: InputsLike<A>,
    arrays: readonly NDArray[],
    make: (recording: Recording<ReturnType<typeof Outline.of<R>>>) => T,
  ): T {
    if (this.#state === 'taken')
      throw new GraphError(
        'compile: the parameters were handed over (takeWeights: true): the model cannot be traced again, for inputs of other shapes or to be written',
      );
    const [{ device }] = arrays;
    for (const [i, x] of arrays.entries()) {
      if (x.device !== device)
        throw new GraphError(`compile: input ${i} is on '${x.device.name}', input 0 on '${device.name}'`);
    }
    const target = this.#target;
    const layers = new LayerNames(target);
    const what = `the result of ${target instanceof Link ? `${target.constructor.name}.forward` : 'the function'}`;
    return scope(layers.roots, () => {
      // Two inputs may be one array, and the function may compute with an example as a constant: copies are inputs and nothing else.
      const copies = arrays.map(copy);
      const given = inputs.map((x, i) =>
        x instanceof Variable ? new Variable(copies[i]) : copies[i],
      ) as InputsLike<A>;
      const run = () =>
        usingLinkHook(layers, () =>
          usingConfig('train', false, () =>
            noBackpropMode(() => Outline.of<R>(target(...given), what, ': is a return missing?')),
          ),
        );
      return make(trace(copies, device, () => scope(layers.roots, run), { layers }));
    });
  }
}

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
