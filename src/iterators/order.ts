/**
 * Which examples come next: the arithmetic of epochs and batches, without examples. A batch runs over the end of an epoch: the
 * tail of the old order, then the head of the new one.
 */
import { Callable } from '../core/callable.js';
import type { Serializer } from '../core/serializer.js';
import { ShapeError, ValueError } from '../errors.js';
import { defaultState, type RandomStream } from '../ndarray/random.js';
import { serializeRandomState } from '../serializers/random-streams.js';

/** The order of the next epoch, given the present one and the place the present batch starts at. */
export type OrderSampler = (currentOrder: Int32Array, currentPosition: number) => Int32Array;

/**
 * Draws a new random order for every epoch; follows chainer.iterators.ShuffleOrderSampler. It is a function, an
 * {@link OrderSampler}.
 */
export class ShuffleOrderSampler extends Callable {
  readonly #random: RandomStream;

  /** @param random default: the generator of `np.random`, so that `np.random.seed` decides the order. */
  constructor(random: RandomStream = defaultState()) {
    super();
    this.#random = random;
  }

  override forward(currentOrder: Int32Array, _currentPosition: number): Int32Array {
    return this.#random.permutation(currentOrder.length);
  }

  /** Reads or writes the state of a generator of its own; that of `np.random` belongs to the training. */
  serialize(serializer: Serializer): void {
    if (this.#random !== defaultState()) serializeRandomState(serializer, this.#random);
  }
}

/** The batch behind a state. */
export interface NextBatch {
  /** Where the iterator is once the batch is given. */
  readonly state: IteratorState;
  /** Which examples are in it. */
  readonly indices: Int32Array;
}

/** Where an iterator is. */
export interface IteratorState {
  /** How many examples of the epoch have been given. */
  readonly position: number;
  /** How many epochs are complete. */
  readonly epoch: number;
  /** Whether the last batch completed one. */
  readonly isNewEpoch: boolean;
  /** null: ascending. */
  readonly order: Int32Array | null;
}

/** What stays the same from batch to batch. */
export interface IterationPlan {
  readonly length: number;
  readonly batchSize: number;
  readonly repeat: boolean;
  readonly orderOf: OrderOf;
}

/** The order of an epoch after one with an order, whose last batch begins at `position`. */
export type OrderOf = (epoch: number, order: Int32Array, position: number) => Int32Array;

/** The number of examples in an epoch: an order need not have all of a dataset. */
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

/** The order that a sampler gives. @throws ShapeError if it has another length than the one before. */
export function sampleOrder(sampler: OrderSampler, order: Int32Array, position: number): Int32Array {
  const next = sampler(order, position);
  if (next.length !== order.length) {
    throw new ShapeError(`orderSampler: gave ${next.length} indices after an order of ${order.length}`);
  }
  return next;
}
