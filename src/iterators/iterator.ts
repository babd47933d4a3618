/** The interface of iterators. */
import type { Serializer } from '../core/serializer.js';
import type { Examples } from '../datasets/batch.js';

/** Gives batches and counts epochs; follows chainer.dataset.Iterator. `next` may be asynchronous. */
export interface DatasetIterator<T> {
  /** The number of complete epochs. */
  readonly epoch: number;
  /** The epoch with its fraction. */
  readonly epochDetail: number;
  /** `epochDetail` before the last batch; null before the first. */
  readonly previousEpochDetail: number | null;
  /** Whether the last batch completed an epoch. */
  readonly isNewEpoch: boolean;
  /** Whether it continues after each epoch, forever. */
  readonly repeat: boolean;
  /** The next batch, or `done`. */
  next(): IteratorResult<Examples<T>> | Promise<IteratorResult<Examples<T>>>;
  /** Starts again at epoch 0. */
  reset(): void;
  /** Frees what it holds: threads, prefetched batches. */
  finalize?(): void;
  /** Reads or writes its position. */
  serialize(serializer: Serializer): void;
}
