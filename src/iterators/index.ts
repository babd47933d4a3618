/** Iterators: batches of a dataset, in some order. */
export type { DatasetIterator } from './iterator.js';
export { MultithreadIterator, type MultithreadIteratorOptions } from './multithread-iterator.js';
export { type OrderSampler, ShuffleOrderSampler } from './order.js';
export type { IteratorOptions } from './ordered-iterator.js';
export { SerialIterator } from './serial-iterator.js';
