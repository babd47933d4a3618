/**
 * The arithmetic of epochs and batches: the indices of the next examples. A batch may span two epochs: it has the tail of one order, then
 * the head of the next.
 */
import { Callable } from '../core/callable.js';
import type { Serializer } from '../core/serializer.js';
import { ShapeError, ValueError } from '../errors.js';
import { defaultState, type RandomStream } from '../ndarray/random.js';
import { serializeRandomState } from '../serializers/random-streams.js';

/** Makes the order of the next epoch from the current order and the position where the current batch starts. */
export type OrderSampler = (currentOrder: Int32Array, currentPosition: number) => Int32Array;

/**
 * Draws a new random order for every epoch; follows chainer.iterators.ShuffleOrderSampler. An instance is a function, an
 * {@link OrderSampler}.
 */
export class ShuffleOrderSampler extends Callable {
  readonly #random: RandomStream;

  /** @param random the generator. Default: that of `np.random`, so that `np.random.seed` decides the order. */
  constructor(random: RandomStream = defaultState()) {
    super();
    this.#random = random;
  }

  override forward(currentOrder: Int32Array, _currentPosition: number): Int32Array {
    return this.#random.permutation(currentOrder.length);
  }

  /** Reads or writes the state of a generator of its own. The state of `np.random` is the trainer's to save. */
  serialize(serializer: Serializer): void {
    if (this.#random !== defaultState()) serializeRandomState(serializer, this.#random);
  }
}

/** The batch that follows a state. */
export interface NextBatch {
  /** The state after the batch. */
  readonly state: IteratorState;
  /** The indices of its examples. */
  readonly indices: Int32Array;
}

/** The state of an iterator. */
export interface IteratorState {
  /** The number of the epoch's examples before this point. */
  readonly position: number;
  /** The number of complete epochs. */
  readonly epoch: number;
  /** Whether the last batch completed an epoch. */
  readonly isNewEpoch: boolean;
  /** The order of the epoch; null: ascending. */
  readonly order: Int32Array | null;
}

/** The settings of an iterator, which are the same for all batches. */
export interface IterationPlan {
  readonly length: number;
  readonly batchSize: number;
  readonly repeat: boolean;
  readonly orderOf: OrderOf;
}

/** Gives the order of an epoch after an epoch with the order `order`, whose last batch begins at `position`. */
export type OrderOf = (epoch: number, order: Int32Array, position: number) => Int32Array;

/** The number of examples in an epoch: an order need not contain the whole dataset. */
export function epochSize({ order }: IteratorState, length: number): number {
  return order?.length ?? length;
}

/** The state after the next batch, and the batch's indices; null at the end. */
export function nextBatch(state: IteratorState, plan: IterationPlan): NextBatch | null {
  const { length, batchSize, repeat, orderOf } = plan;
  if (!repeat && state.epoch > 0) return null;
  const n = epochSize(state, length);
  if (n === 0) {
    if (!repeat) return null;
    throw new ValueError('iterator: the dataset is empty, and an iterator that repeats needs at least one example');
  }
  let { position, epoch, order } = state;
  const indices = new Int32Array(repeat ? batchSize : Math.min(batchSize, n - position));
  let filled = 0;
  const take = (end: number) => {
    for (; position < end; position++) indices[filled++] = order ? order[position] : position;
  };
  let end = state.position + batchSize;
  let isNewEpoch = false;
  while (end >= n) {
    take(n);
    epoch++;
    if (order) order = orderOf(epoch, order, state.position);
    isNewEpoch = true;
    position = 0;
    end = repeat ? end - n : 0;
    if (!repeat) break;
  }
  take(end);
  return { state: { position, epoch, isNewEpoch, order }, indices };
}

/** The order that a sampler makes. @throws ShapeError if its length differs from that of the previous order. */
export function sampleOrder(sampler: OrderSampler, order: Int32Array, position: number): Int32Array {
  const next = sampler(order, position);
  if (next.length !== order.length) {
    throw new ShapeError(`orderSampler: it gave ${next.length} indices after an order of ${order.length}`);
  }
  return next;
}
