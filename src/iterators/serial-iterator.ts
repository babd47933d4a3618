import { Batch } from '../datasets/batch.js';
import type { DatasetIterator } from './iterator.js';
import { OrderedIterator } from './ordered-iterator.js';

/**
 * Gives batches of a dataset, one after another, shuffled unless `shuffle: false`; follows chainer.iterators.SerialIterator. A batch may
 * span two epochs. With `repeat: false` the iterator ends after one epoch, which `for (const batch of iterator)` visits.
 */
export class SerialIterator<T> extends OrderedIterator<T> implements DatasetIterator<T>, IterableIterator<Batch<T>> {
  next(): IteratorResult<Batch<T>, undefined> {
    const next = this.peek(this.state);
    this.goTo(next?.state ?? null);
    return next ? { done: false, value: new Batch(this.dataset, next.indices) } : { done: true, value: undefined };
  }

  /** The iterator itself: `for (const batch of iterator)` visits the remaining batches. */
  [Symbol.iterator](): this {
    return this;
  }
}
