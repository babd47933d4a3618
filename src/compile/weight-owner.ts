/** The weights of a link that hands them over to its compiled graph. */
import { Link } from '../core/link.js';
import { ValueError } from '../errors.js';
import type { CompiledGraphOptions } from '../graph/compiled-graph.js';
import type { Executor } from '../graph/executor.js';
import { NDArray } from '../ndarray/ndarray.js';
import type { Storage } from '../ndarray/storage.js';

/** The memory of a link's parameters, gradients and persistent arrays. Each block is freed when the graph does not read it any more. */
export class WeightOwner {
  readonly #storages = new Set<Storage>();
  readonly #why: string;

  /** @throws ValueError unless the target is a link. */
  constructor(target: unknown) {
    if (!(target instanceof Link))
      throw new ValueError('compile: takeWeights needs a link: what a function computes with is not known');
    this.#why =
      `use after compile: the parameters of this ${target.constructor.name} were handed over to its compiled form ` +
      '(takeWeights: true); call that, or compile without takeWeights';
    for (const param of target.params(false)) {
      this.#storages.add(param.array.storage);
      if (param.grad?.isInitialized) this.#storages.add(param.grad.array.storage);
    }
    for (const link of target.links())
      for (const [, value] of link.persistents()) if (value instanceof NDArray) this.#storages.add(value.storage);
  }

  /** Options by which a graph tells what it does not need, and what it has packed. Both are freed at once. */
  get options(): CompiledGraphOptions {
    return {
      onNeeded: (needed) => {
        for (const storage of this.#storages) if (!storage.freed && !needed.has(storage.memory)) this.#free(storage);
      },
      onUnread: (memory) => {
        for (const storage of this.#storages) if (!storage.freed && storage.memory === memory) this.#free(storage);
      },
    };
  }

  /** Hands the remaining memory over to the graph's executor. */
  handOver(executor: Executor): void {
    for (const storage of this.#storages) if (!storage.freed) executor.own(storage.handOver(this.#why));
  }

  #free(storage: Storage): void {
    const { backend } = storage;
    backend.free(storage.handOver(this.#why));
  }
}
