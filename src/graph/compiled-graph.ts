/**
 * A compiled graph: optimized, bound to memory, and run on arrays. It uses no Variables and no links, so that `rensa/inference` can
 * use it without autograd.
 */
import type { Memory } from '../backends/primitives.js';
import { DeviceError, DTypeError, MemoryError, ShapeError, ValueError } from '../errors.js';
import { isGpu } from '../ndarray/inspection.js';
import { withoutTakingStreams } from '../ndarray/kernel-streams.js';
import { keep } from '../ndarray/lifetime.js';
import { allocate, NDArray } from '../ndarray/ndarray.js';
import { formatShape, sameShape } from '../ndarray/shape.js';
import { inWords } from '../options.js';
import { toDot } from './dot.js';
import { Executor, type ExecutorOptions } from './executor.js';
import { constantsIn, type Graph, readsOf } from './graph.js';
import { Constants } from './passes/constants.js';
import { optimized } from './passes/index.js';
import { type GraphProfile, profileOf } from './profile.js';
import { GraphSummary } from './summary.js';

/** Options of {@link CompiledGraph}. */
export interface CompiledGraphOptions extends ExecutorOptions {
  /** Told which constants the graph needs, before their weights are packed. */
  readonly onNeeded?: (needed: ReadonlySet<Memory | null>) => void;
}

/** A graph ready to run on the device of its constants. */
export class CompiledGraph {
  readonly #executor: Executor;
  /** The results of {@link rerun}; null before its first call. */
  #results: NDArray[] | null = null;
  #freed = false;

  /**
   * @param owned memory that the graph takes over. It frees the constants it needs with itself, and the rest at once.
   * @throws DeviceError if the device does not support the format `weights`; GraphError during a recording.
   */
  constructor(graph: Graph, device: NDArray['device'], owned: readonly Memory[], options: CompiledGraphOptions = {}) {
    const { weights = 'float32' } = options;
    const constants = new Constants(device, options.costs);
    for (const memory of owned) constants.owned.push(memory);
    try {
      if (weights !== 'float32' && !device.weightFormats?.includes(weights))
        throw new DeviceError(
          `compile: device '${device.name}' keeps weights as ${(device.weightFormats ?? ['float32']).join(', ')}, not as ${weights}`,
        );
      const small = optimized(graph, constants);
      const constantBuffers = constantsIn([...small.nodes.flatMap(readsOf), ...small.outputs]);
      const needed = new Set(constantBuffers.map(({ constant }) => constant));
      // Merging a chain of scales leaves constants that only the next one of the chain read.
      const kept = constants.release(needed);
      options.onNeeded?.(needed);
      this.#executor = new Executor(small, device, kept, options);
    } catch (error) {
      constants.release(new Set());
      throw error;
    }
  }

  /** The executor of the graph. @throws MemoryError after {@link free}. */
  get executor(): Executor {
    if (this.#freed) throw new MemoryError('compile: this compiled graph was freed');
    return this.#executor;
  }

  /** The graph that runs, after optimization. */
  get graph(): Graph {
    return this.#executor.graph;
  }

  /** Whether the graph is made for arrays of these shapes and dtypes, on this device. */
  accepts(inputs: readonly NDArray[]): boolean {
    const { graph, device } = this.#executor;
    if (inputs.length !== graph.inputs.length) return false;
    for (let i = 0; i < inputs.length; i++) {
      const { shape, buffer } = graph.inputs[i];
      const x = inputs[i];
      if (x?.dtype !== buffer.dtype || x.device !== device || !sameShape(x.shape, shape)) return false;
    }
    return true;
  }

  /**
   * The results in new arrays.
   *
   * @param accepted whether the caller has asked {@link accepts} already
   * @throws ShapeError for inputs that the graph does not accept.
   */
  run(inputs: readonly NDArray[], accepted = false): NDArray[] {
    if (!accepted) this.#check(inputs);
    const outputs = this.#allocateOutputs();
    this.executor.run(inputs, outputs);
    return outputs;
  }

  /** The results in arrays that the next `rerun` fills again. Only the first call allocates. */
  rerun(inputs: readonly NDArray[], accepted = false): readonly NDArray[] {
    if (!accepted) this.#check(inputs);
    this.#results ??= keep(this.#allocateOutputs());
    this.executor.run(inputs, this.#results);
    return this.#results;
  }

  /**
   * Fills the arrays `outputs` with the results.
   *
   * @throws ShapeError, DTypeError or DeviceError for an array unlike its result; ShapeError for inputs that the graph does not
   *   accept; ValueError if an array shares memory with an input or with another result.
   */
  runInto(outputs: readonly NDArray[], inputs: readonly NDArray[]): void {
    this.#check(inputs);
    const { graph, device } = this.#executor;
    if (outputs.length !== graph.outputs.length)
      throw new ShapeError(`compile: ${outputs.length} arrays for ${graph.outputs.length} results`);
    for (const [i, { shape, buffer }] of graph.outputs.entries()) {
      const y = outputs[i];
      if (!sameShape(y.shape, shape))
        throw new ShapeError(`compile: result ${i} is ${formatShape(shape)}, the array for it ${formatShape(y.shape)}`);
      if (y.dtype !== buffer.dtype)
        throw new DTypeError(`compile: result ${i} is ${buffer.dtype}, the array for it ${y.dtype}`);
      if (y.device !== device)
        throw new DeviceError(`compile: result ${i} is on '${device.name}', the array for it on '${y.device.name}'`);
      const others = [...inputs, ...outputs.slice(0, i)];
      if (others.some(({ storage }) => storage === y.storage))
        throw new ValueError(`compile: the array for result ${i} shares its memory with an input or another result`);
    }
    this.executor.run(inputs, outputs);
  }

  /** A table of the layers: shapes, parameters, multiply-adds, algorithms, bytes of weights. */
  summary(): GraphSummary {
    return new GraphSummary(this.executor);
  }

  /** The times of the layers for `inputs`; by default for zeros. */
  profile(inputs: readonly NDArray[] | null = null): GraphProfile {
    const { graph, device } = this.executor;
    const given = inputs ?? graph.inputs.map(({ shape, buffer }) => this.#zeros(shape, buffer.dtype));
    const outputs = this.#allocateOutputs();
    const probe = this.#zeros([1], 'float32');
    // A GPU has finished its earlier calls when a value written after them can be read.
    const finish = () => {
      if (!isGpu(device)) return;
      device.fill(probe, 0);
      device.readSync(probe.memory);
    };
    const profile = withoutTakingStreams(() => profileOf(this.executor, given, outputs, finish));
    for (const array of [...outputs, probe, ...(inputs ? [] : given)]) array.storage.free();
    return profile;
  }

  /** The graph in the language of Graphviz. */
  dot(): string {
    return toDot(this.graph);
  }

  /** Frees the weights, the working memory, and the results of {@link rerun}. A second call does nothing. */
  free(): void {
    if (this.#freed) return;
    this.#freed = true;
    this.#executor.free();
    for (const result of this.#results ?? []) result.storage.free();
  }

  /** @throws ShapeError for inputs that the graph does not accept: its calls would read outside of them. */
  #check(inputs: readonly NDArray[]): void {
    if (this.accepts(inputs)) return;
    const { graph, device } = this.#executor;
    const got = inputs.map((x) =>
      x instanceof NDArray ? `${x.dtype} ${formatShape(x.shape)} on '${x.device.name}'` : inWords(x),
    );
    const expected = graph.inputs.map(({ shape, buffer }) => `${buffer.dtype} ${formatShape(shape)}`);
    throw new ShapeError(`compile: inputs are ${got}, expected ${expected} on '${device.name}'`);
  }

  #allocateOutputs(): NDArray[] {
    const { graph, device } = this.#executor;
    return graph.outputs.map(({ shape, buffer }) => allocate(shape, buffer.dtype, device));
  }

  #zeros(shape: readonly number[], dtype: NDArray['dtype']): NDArray {
    const { device } = this.#executor;
    const array = allocate(shape, dtype, device);
    device.fill(array, 0);
    return array;
  }
}
