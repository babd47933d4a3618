/** A target compiled for one set of shapes: its graph, and the structure of its results. */
import type { CompiledGraph } from '../graph/compiled-graph.js';
import type { CachedGraph } from '../graph/graph-cache.js';
import { keep } from '../ndarray/lifetime.js';
import type { NDArray } from '../ndarray/ndarray.js';
import type { ArraysOf, Outline } from './outline.js';

export class TracedTarget<R> implements CachedGraph {
  readonly graph: CompiledGraph;
  readonly outline: Outline<R>;
  /** Results that do not depend on the inputs: the graph reads them where they are. */
  readonly constants: readonly NDArray[];
  /** The results of {@link rerun}. */
  #results: ArraysOf<R> | null = null;

  constructor(graph: CompiledGraph, outline: Outline<R>, constants: readonly NDArray[]) {
    this.graph = graph;
    this.outline = outline;
    this.constants = keep(constants);
  }

  accepts(inputs: readonly NDArray[]): boolean {
    return this.graph.accepts(inputs);
  }

  /** The results in new arrays, for inputs that the graph accepts. */
  run(inputs: readonly NDArray[]): ArraysOf<R> {
    return this.outline.fill(this.graph.run(inputs, true));
  }

  /** The results in the same arrays at each call, for inputs that the graph accepts. */
  rerun(inputs: readonly NDArray[]): ArraysOf<R> {
    const results = this.graph.rerun(inputs, true);
    this.#results ??= this.outline.fill(results);
    return this.#results;
  }

  free(): void {
    this.graph.free();
  }
}
