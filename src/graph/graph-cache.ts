/** Compiled graphs by the shapes of their inputs. A new graph beyond the limit replaces the one unused for longest. */
import { MemoryError, ValueError } from '../errors.js';
import type { NDArray } from '../ndarray/ndarray.js';

/** A compiled graph, or an object around one. */
export interface CachedGraph {
  /** Whether the graph is made for arrays of these shapes and dtypes, on this device. */
  accepts(inputs: readonly NDArray[]): boolean;
  free(): void;
}

export class GraphCache<G extends CachedGraph> {
  readonly #caller: string;
  readonly #maxShapes: number;
  /** The last used graph is the first. */
  readonly #graphs: G[] = [];
  #freed = false;

  /**
   * @param caller the name that errors begin with
   * @param maxShapes the most graphs that are kept
   * @throws ValueError unless `maxShapes` is a positive integer.
   */
  constructor(caller: string, maxShapes = 8) {
    if (!Number.isInteger(maxShapes) || maxShapes < 1)
      throw new ValueError(`${caller}: maxShapes is ${maxShapes}, expected a positive integer`);
    this.#caller = caller;
    this.#maxShapes = maxShapes;
  }

  /** The last used graph; null if there is none. @throws MemoryError after {@link free}. */
  get latest(): G | null {
    this.#checkFreed();
    return this.#graphs[0] ?? null;
  }

  /** The graph for inputs; null if there is none. Allocates nothing. @throws MemoryError after {@link free}. */
  find(inputs: readonly NDArray[]): G | null {
    this.#checkFreed();
    const graphs = this.#graphs;
    for (let i = 0; i < graphs.length; i++) {
      if (!graphs[i].accepts(inputs)) continue;
      if (i > 0) graphs.unshift(...graphs.splice(i, 1));
      return graphs[0];
    }
    return null;
  }

  /** The graph for inputs, made by `make` if there is none. @throws MemoryError after {@link free}. */
  of(inputs: readonly NDArray[], make: () => G): G {
    return this.find(inputs) ?? this.add(make());
  }

  /** Keeps a graph, and frees those beyond the limit. */
  add(graph: G): G {
    this.#graphs.unshift(graph);
    for (const spare of this.#graphs.splice(this.#maxShapes)) spare.free();
    return graph;
  }

  /** Frees all graphs. A second call does nothing. */
  free(): void {
    this.#freed = true;
    for (const graph of this.#graphs.splice(0)) graph.free();
  }

  #checkFreed(): void {
    if (this.#freed) throw new MemoryError(`${this.#caller}: this compiled model was freed`);
  }
}
