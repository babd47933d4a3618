import type { Serializer } from '../core/serializer.js';
import { Batch } from '../datasets/batch.js';
import type { Dataset } from '../datasets/dataset.js';
import { ValueError } from '../errors.js';
import type { DatasetIterator } from './iterator.js';
import type { IteratorState } from './order.js';
import { type IteratorOptions, OrderedIterator } from './ordered-iterator.js';

/** Options of {@link MultithreadIterator}. */
export interface MultithreadIteratorOptions extends IteratorOptions {
  /** How many batches are fetched ahead of the one that is used. Default 1. */
  nPrefetch?: number;
}

/** A batch on its way, and where the iterator is once it is given. */
interface Coming<T> {
  readonly state: IteratorState;
  readonly batch: Promise<Batch<T>>;
}

/**
 * Gives the batches of a {@link SerialIterator}, in the same order, and fetches the next ones while one is used: files are read
 * and images decoded beside the training. Follows chainer.iterators.MultithreadIterator; what runs at the same time is what
 * the dataset's `load` leaves to the runtime, so examples that are computed in JavaScript gain nothing. `next` gives a promise,
 * and `for await (const batch of iterator)` visits an epoch.
 */
export class MultithreadIterator<T> extends OrderedIterator<T> implements DatasetIterator<T>, AsyncIterable<Batch<T>> {
  readonly #nPrefetch: number;
  #coming: Coming<T>[] = [];

  constructor(dataset: Dataset<T> | readonly T[], batchSize: number, options: MultithreadIteratorOptions = {}) {
    const { nPrefetch = 1, ...rest } = options;
    super(dataset, batchSize, rest);
    if (!Number.isInteger(nPrefetch) || nPrefetch < 0) {
      throw new ValueError(`MultithreadIterator: nPrefetch ${nPrefetch} is not a number of batches`);
    }
    this.#nPrefetch = nPrefetch;
  }

  async next(): Promise<IteratorResult<Batch<T>, undefined>> {
    this.#fetchAhead();
    const coming = this.#coming.shift();
    this.goTo(coming?.state ?? null);
    if (!coming) return { done: true, value: undefined };
    return { done: false, value: await coming.batch };
  }

  /** Starts to fetch the next batch and those ahead of it, as far as they are not on their way. */
  #fetchAhead(): void {
    while (this.#coming.length <= this.#nPrefetch) {
      const next = this.peek(this.#coming.at(-1)?.state ?? this.state);
      if (!next) return;
      const batch = new Batch(this.dataset, next.indices).load();
      // An error is thrown to whoever asks for this batch, perhaps nobody.
      batch.catch(() => {});
      this.#coming.push({ state: next.state, batch });
    }
  }

  override reset(): void {
    super.reset();
    this.finalize();
  }

  /** Forgets what it fetched. */
  finalize(): void {
    this.#coming = [];
  }

  override serialize(serializer: Serializer): void {
    super.serialize(serializer);
    if (!serializer.writing) this.finalize();
  }

  [Symbol.asyncIterator](): AsyncIterator<Batch<T>, undefined> {
    return this;
  }
}
