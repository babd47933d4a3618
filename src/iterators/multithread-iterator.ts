import type { Serializer } from '../core/serializer.js';
import { Batch } from '../datasets/batch.js';
import type { ExamplesOf } from '../datasets/dataset.js';
import { TASK_TIMEOUT, WorkerPool } from '../datasets/worker-pool.js';
import { ValueError } from '../errors.js';
import { checkOptions } from '../options.js';
import { checkTimeLimit } from '../platform/time-limit.js';
import type { DatasetIterator } from './iterator.js';
import type { IteratorState } from './order.js';
import { type IteratorOptions, OrderedIterator } from './ordered-iterator.js';

/** Options of {@link MultithreadIterator}. */
export interface MultithreadIteratorOptions extends IteratorOptions {
  /** The number of workers that decode images and run the functions of modules; 0: none. Default 1. */
  nThreads?: number;
  /** The number of batches that are fetched ahead of the current one. Default 1. */
  nPrefetch?: number;
  /**
   * The time that a worker may take to make one example, in seconds; `Infinity`: no limit. A worker that takes longer is ended, and the
   * batch is rejected with a DeviceError. Default 600, since a module may load large files first.
   */
  timeout?: number;
}

/** The names of {@link MultithreadIteratorOptions}. */
const OPTIONS: Readonly<Record<keyof MultithreadIteratorOptions, unknown>> = {
  nThreads: null,
  nPrefetch: null,
  timeout: null,
  repeat: null,
  shuffle: null,
  orderSampler: null,
};

/** Ends the workers of iterators that were collected without {@link MultithreadIterator.finalize}. */
const abandoned = new FinalizationRegistry<WorkerPool>((workers) => workers.end());

/** A batch that is being fetched, and the iterator's state after it. */
interface Coming<T> {
  readonly state: IteratorState;
  readonly batch: Promise<Batch<T>>;
}

/**
 * Gives the batches of a {@link SerialIterator}, in the same order, and fetches the next ones meanwhile. Files are read beside the
 * training. Workers, where there are any, decode pictures and make the examples of a `ModuleDataset`; functions of the program
 * itself run in its thread. Follows chainer.iterators.MultithreadIterator. `next` returns a promise, and
 * `for await (const batch of iterator)` visits an epoch.
 *
 * {@link finalize}, or `using iterator = …`, ends the workers, and at the latest the collection of the iterator does; a process does not
 * wait for them. If a worker ends or takes longer than `timeout`, its batch is rejected, and a new worker makes the next batches.
 */
export class MultithreadIterator<T> extends OrderedIterator<T> implements DatasetIterator<T>, AsyncIterable<Batch<T>> {
  readonly #nPrefetch: number;
  readonly #workers: WorkerPool;
  #coming: Coming<T>[] = [];

  constructor(dataset: ExamplesOf<T>, batchSize: number, options: MultithreadIteratorOptions = {}) {
    checkOptions('MultithreadIterator', options, OPTIONS);
    const { nThreads = 1, nPrefetch = 1, timeout = TASK_TIMEOUT, ...rest } = options;
    super(dataset, batchSize, rest);
    if (!Number.isInteger(nPrefetch) || nPrefetch < 0) {
      throw new ValueError(`MultithreadIterator: nPrefetch ${nPrefetch} is not a number of batches`);
    }
    if (!Number.isInteger(nThreads) || nThreads < 0) {
      throw new ValueError(`MultithreadIterator: nThreads ${nThreads} is not a number of threads`);
    }
    this.#nPrefetch = nPrefetch;
    checkTimeLimit('MultithreadIterator', timeout);
    this.#workers = new WorkerPool(nThreads, timeout);
    abandoned.register(this, this.#workers);
  }

  async next(): Promise<IteratorResult<Batch<T>, undefined>> {
    this.#fetchAhead();
    const coming = this.#coming.shift();
    this.goTo(coming?.state ?? null);
    if (!coming) return { done: true, value: undefined };
    return { done: false, value: await coming.batch };
  }

  /** Starts to fetch the next batches, up to `nPrefetch` ahead, unless that has begun. */
  #fetchAhead(): void {
    while (this.#coming.length <= this.#nPrefetch) {
      const next = this.peek(this.#coming.at(-1)?.state ?? this.state);
      if (!next) return;
      const batch = new Batch(this.dataset, next.indices).load(this.#workers.run);
      // The caller of `next` gets the error. There may be none.
      batch.catch(() => {});
      this.#coming.push({ state: next.state, batch });
    }
  }

  override reset(): void {
    super.reset();
    this.#coming = [];
  }

  /** Drops the fetched batches, and ends the workers. */
  finalize(): void {
    this.#coming = [];
    this.#workers.end();
  }

  /** The same as {@link finalize}. */
  dispose(): void {
    this.finalize();
  }

  /** Ends the workers at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.finalize();
  }

  override serialize(serializer: Serializer): void {
    super.serialize(serializer);
    if (!serializer.writing) this.#coming = [];
  }

  /** Visits the batches, for `for await`. */
  [Symbol.asyncIterator](): AsyncIterator<Batch<T>, undefined> {
    return this;
  }
}
