/** A compiled model: the graphs of a target, one for each set of shapes. */
import type { WeightFormat } from '../backends/backend.js';
import { Callable } from '../core/callable.js';
import type { VariableLike } from '../core/variable.js';
import { GraphError, RensaError, ShapeError } from '../errors.js';
import { CompiledGraph } from '../graph/compiled-graph.js';
import type { Ref } from '../graph/graph.js';
import { GraphCache } from '../graph/graph-cache.js';
import { type OnnxOptions, toOnnx } from '../graph/onnx/write.js';
import type { GraphProfile } from '../graph/profile.js';
import type { GraphSummary } from '../graph/summary.js';
import type { Recording } from '../graph/trace.js';
import { zeros } from '../ndarray/creation.js';
import { withoutTakingStreams } from '../ndarray/kernel-streams.js';
import { scope } from '../ndarray/lifetime.js';
import type { NDArray } from '../ndarray/ndarray.js';
import { formatShape } from '../ndarray/shape.js';
import { checkOptions } from '../options.js';
import { compareResults, type ResultComparison } from './compare.js';
import { freeMade, withArrays } from './inputs.js';
import { type ArraysOf, arrayOf, Outline, type Outlined } from './outline.js';
import { type Compilable, checkTarget, type InputsLike, recordTarget } from './target.js';
import { TracedTarget } from './traced-target.js';
import { WeightOwner } from './weight-owner.js';

/** Options of {@link compile}. */
export interface CompileOptions {
  /**
   * Whether each call fills the same arrays. Then a result is valid until the next call, and calls allocate nothing. Default: false,
   * each call gives new arrays.
   */
  reuse?: boolean;
  /** The format of the weights of convolutions and products. Default: 'float32'. */
  weights?: WeightFormat;
  /**
   * Whether the graph takes the link's parameters, so that weights are in memory once. Then the link cannot be used any more, and
   * shapes unlike the examples' cannot be compiled. Default: false, packed weights are copies and the link stays as it is.
   */
  takeWeights?: boolean;
  /** The number of graphs that are kept, one for each set of input shapes. One more frees the one unused for longest. Default: 8. */
  maxShapes?: number;
}

/** The names of the options. */
const OPTIONS = { reuse: true, weights: true, takeWeights: true, maxShapes: true } satisfies Record<
  keyof CompileOptions,
  true
>;

/** The differences of inputs from those of the earlier call, for messages. */
function differences(arrays: readonly NDArray[], before: readonly Ref[]): string {
  const inWordsOf = ({ dtype }: { dtype: string }, shape: readonly number[]) => `${dtype} ${formatShape(shape)}`;
  return arrays
    .map((x, i) => [i, inWordsOf(x, x.shape), inWordsOf(before[i].buffer, before[i].shape)] as const)
    .map(([i, now, then]) =>
      now === then ? '' : `; input ${i} of the compiled model is ${now}, in the call before ${then}`,
    )
    .join('');
}

const isEmpty = (inputs: readonly unknown[]): inputs is [] => inputs.length === 0;

/** Frees the graphs of compiled models that are garbage. */
const net = new FinalizationRegistry<{ free(): void }>((graphs) => graphs.free());

/**
 * A compiled model. A call gives the results of the model in test mode, as arrays in the structure of the model's results. Its memory
 * is freed by {@link free}, at the end of a `using` block, or by the garbage collector.
 */
export class CompiledModel<A extends readonly VariableLike[] = readonly VariableLike[], R = VariableLike>
  extends Callable
  implements Disposable
{
  readonly #target: Compilable<A, R>;
  readonly #options: CompileOptions;
  readonly #graphs: GraphCache<TracedTarget<R>>;
  /** Whether a graph took the target's weights, so that the target cannot run any more. */
  #tookWeights = false;

  constructor(target: Compilable<A, R>, options: CompileOptions = {}) {
    super();
    checkTarget(target);
    checkOptions('compile', options, OPTIONS);
    this.#target = target;
    this.#options = options;
    this.#graphs = new GraphCache('compile', options.maxShapes);
    net.register(this, this.#graphs, this.#graphs);
  }

  /**
   * The results for inputs. New shapes are traced first. Numbers, lists and host arrays become arrays.
   *
   * @throws ShapeError unless there are as many inputs as examples; TypeError for an input that cannot become an array; GraphError
   *   inside a function that is being compiled.
   */
  override forward(...inputs: InputsLike<A>): ArraysOf<R> {
    const arrays = inputs.map(arrayOf);
    const traced = this.#graphs.find(arrays);
    return traced ? this.#run(traced, arrays) : this.#runNew(inputs);
  }

  #run(traced: TracedTarget<R>, arrays: readonly NDArray[]): ArraysOf<R> {
    return this.#options.reuse ? traced.rerun(arrays) : traced.run(arrays);
  }

  /** Runs on inputs without a graph, or on inputs that are not arrays yet. */
  #runNew(inputs: InputsLike<A>): ArraysOf<R> {
    const given = withArrays(inputs);
    const arrays = given.map(arrayOf);
    const results = this.#run(this.#tracedFor(given, arrays), arrays);
    if (given !== inputs) freeMade(given, inputs);
    return results;
  }

  /**
   * Fills arrays with the results, and allocates nothing. `outputs` has the structure of a call's result.
   *
   * @throws ShapeError, DTypeError or DeviceError for an array unlike its result; ValueError if an array shares memory with an input
   *   or with another result.
   */
  into(outputs: ArraysOf<R>, ...inputs: InputsLike<A>): void {
    const given = withArrays(inputs);
    const arrays = given.map(arrayOf);
    const { graph } = this.#tracedFor(given, arrays);
    graph.runInto(Outline.of<R>(outputs, 'what the results go into').arrays, arrays);
    if (given !== inputs) freeMade(given, inputs);
  }

  /** The graph for inputs of these shapes, traced if there is none yet; without inputs, the graph of the last call. */
  graphFor(...inputs: InputsLike<A> | []): CompiledGraph {
    if (!isEmpty(inputs)) return this.#tracedFor(withArrays(inputs)).graph;
    const { latest } = this.#graphs;
    if (!latest) throw new ShapeError('compile: at least one example input is needed');
    return latest.graph;
  }

  /**
   * Prepares for inputs of the given shapes: traces the target, and compiles the kernels that the graph needs, in parallel if the
   * device can. Without `warmUp`, the first call does this.
   */
  async warmUp(...inputs: InputsLike<A>): Promise<void> {
    const given = withArrays(inputs);
    const arrays = given.map(arrayOf);
    const { graph } = this.#tracedFor(given, arrays);
    await arrays[0].device.warmUp?.(() => {
      withoutTakingStreams(() =>
        scope(null, () => {
          graph.run(arrays);
        }),
      );
    });
  }

  /**
   * A table of the layers with operation, output, parameters, multiply-adds, algorithm and bytes of weights, and the memory of
   * intermediate results. For the shapes of `inputs`; by default those of the last call. Printing it gives the table.
   */
  summary(...inputs: InputsLike<A> | []): GraphSummary {
    return this.graphFor(...inputs).summary();
  }

  /**
   * The times of the layers in milliseconds, in the order in which they run, for `inputs`; by default for zeros of the last shapes.
   * `profile().sorted()` has the slowest layer first. Printing it gives a table.
   */
  profile(...inputs: InputsLike<A> | []): GraphProfile {
    const given = withArrays(inputs);
    return this.graphFor(...given).profile(given.length === 0 ? null : given.map(arrayOf));
  }

  /** The graph for the shapes of `inputs`, by default the last ones, in the language of Graphviz. */
  dot(...inputs: InputsLike<A> | []): string {
    return this.graphFor(...inputs).dot();
  }

  /**
   * The bytes of an ONNX file that computes the same for inputs of the last shapes, with operators of version 17 and the weights
   * inside. The target is traced once more, because the graph may have replaced its weights by packed ones. The results in a record
   * get their keys as names.
   *
   * @throws GraphError naming a primitive that ONNX cannot compute, or if the model's parameters were handed over.
   */
  toOnnx(options: OnnxOptions = {}): Uint8Array {
    const { graph, device } = this.graphFor().executor;
    return scope(null, () => {
      const inputs = graph.inputs.map(({ shape, buffer }) =>
        zeros(shape, { dtype: buffer.dtype, device: device.name }),
      );
      return this.#record(inputs as InputsLike<A>, (recording) => {
        const { names } = recording.result.outline;
        const outputNames = names.map((name, i) => (/^\d*$/.test(name) ? (options.outputNames?.[i] ?? '') : name));
        return toOnnx(recording.graph, device, recording.abandoned, { outputNames, ...options });
      });
    });
  }

  /**
   * The loss of accuracy by smaller weights: compares each result for `inputs` with that of the model compiled with float32 weights,
   * which this call compiles and frees.
   *
   * @throws GraphError if the model's parameters were handed over.
   */
  compareWeights(...inputs: InputsLike<A>): ResultComparison[] {
    const given = withArrays(inputs);
    const arrays = given.map(arrayOf);
    const { graph, outline } = this.#tracedFor(given, arrays);
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

  /** Frees the graphs with their weights and working memory. Then the model cannot be called. A second call does nothing. */
  free(): void {
    net.unregister(this.#graphs);
    this.#graphs.free();
  }

  /** The same as {@link free}. */
  dispose(): void {
    this.free();
  }

  /** Frees the model at the end of a `using` block; see {@link free}. */
  [Symbol.dispose](): void {
    this.free();
  }

  /** The graph for inputs, traced if need be. */
  #tracedFor(inputs: InputsLike<A>, arrays: readonly NDArray[] = inputs.map(arrayOf)): TracedTarget<R> {
    return this.#graphs.of(arrays, () => {
      const before = this.#graphs.latest?.graph.graph.inputs;
      if (before && before.length !== arrays.length)
        throw new ShapeError(`compile: ${arrays.length} inputs, expected ${before.length} as in the examples`);
      const { weights = 'float32', takeWeights = false } = this.#options;
      try {
        const traced = this.#trace(inputs, weights, takeWeights);
        this.#tookWeights ||= takeWeights;
        return traced;
      } catch (error) {
        if (!before || !(error instanceof RensaError)) throw error;
        // The target's message names the shape that it refuses. Add the difference from the earlier call.
        const Kind = error.constructor as new (...args: ConstructorParameters<typeof RensaError>) => RensaError;
        throw new Kind(error.message + differences(arrays, before), { cause: error });
      }
    });
  }

  /** Records the target, and compiles the graph. */
  #trace(inputs: InputsLike<A>, weights: WeightFormat, takeWeights = false): TracedTarget<R> {
    return this.#record(inputs, ({ graph, result: { outline, arrays }, abandoned }) => {
      const owner = takeWeights ? new WeightOwner(this.#target) : null;
      const { device } = arrayOf(inputs[0]);
      const compiled = new CompiledGraph(graph, device, abandoned, { weights, ...owner?.options });
      owner?.handOver(compiled.executor);
      const constants = arrays.filter((y) => compiled.executor.reads(y.memory));
      return new TracedTarget(compiled, outline, constants);
    });
  }

  #record<T>(inputs: InputsLike<A>, make: (recording: Recording<Outlined<R>>) => T): T {
    if (this.#tookWeights)
      throw new GraphError(
        'compile: the parameters were handed over (takeWeights: true): the model cannot be traced again, for inputs of other shapes or to be written',
      );
    return recordTarget(this.#target, inputs, make);
  }
}
